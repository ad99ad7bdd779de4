// What a user does with keys and pointer, each gesture waited for and repeated until its effect is seen.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor.mjs';

/** Opens a file of the workspace from the explorer. */
export async function open(page, file) {
  await repeat(
    () => page.locator('.explorer-folders-view').getByRole('treeitem', { name: file }).dblclick(),
    () => page.locator(`.tab.active[data-resource-name="${file}"]`),
  );
  await page.locator('.editor-instance .monaco-editor .view-lines').first().click();
}

/** Shows a file of the workspace with the cursor on the first `word` after `anchor`. */
export async function at(page, file, anchor, word) {
  const text = await readFile(join(root, file), 'utf8');
  const start = text.indexOf(anchor) + anchor.length;
  const before = text.slice(0, text.indexOf(word, start)).split('\n');
  assert.ok(start >= anchor.length && text.includes(word, start), `no "${word}" after "${anchor}" in ${file}`);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const [row, column] = [before.length, before.at(-1).length + 2];
  const rows = page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: name });
  await repeat(
    async () => {
      await ask(page, 'Control+P', `${file}:${row}:${column}`, rows);
      await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor({ timeout: 20_000 });
    },
    // The tab alone says nothing where the file was open before.
    () => page.locator('#status\\.editor\\.selection', { hasText: new RegExp(`Ln ${row}, Col ${column}\\b`) }),
  );
}

/**
 * Repeats a gesture until its effect is seen (or, without one, until it succeeds): an editor that is busy may drop a key, or close what has
 * just been opened.
 */
export async function repeat(gesture, effect, { tries = 5, wait = 10_000 } = {}) {
  for (let left = tries; ; left--) {
    try {
      await gesture();
      return await effect?.().waitFor({ timeout: wait });
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

/** Asks for the actions at the cursor until one of them is as expected. What arrives meanwhile (findings, the answer itself) closes the list. */
export async function quickFix(page, words) {
  await repeat(
    async () => {
      if (await page.locator('.action-widget').first().isVisible()) await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
    },
    () => page.locator('.action-widget .monaco-list-row', { hasText: words }).first(),
  );
}

/** The hover at the cursor, asked for by key. */
export async function hoverHere(page, expected) {
  const ask = async () => {
    // With a hover that is open, the keys would move the focus into it.
    if (await page.locator('.monaco-hover:visible').first().isVisible()) await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
  };
  return hoverText(page, ask, expected);
}

/**
 * Asks for a hover until it is there and says what is expected, and gives what it says: it says first that it is loading, findings that
 * arrive close it, and before they have arrived it does not know them.
 */
async function hoverText(page, ask, expected = /\S/) {
  const contents = page.locator('.hover-contents', { hasText: /\S/, hasNotText: /^\s*Loading/ });
  const hover = page.locator('.monaco-hover:visible', { has: contents }).filter({ hasText: expected }).first();
  const look = async () => {
    await ask();
    await hover.waitFor({ timeout: 6_000 });
    return hover.innerText({ timeout: 2_000 });
  };
  let text = '';
  try {
    await repeat(async () => (text = await look()), undefined, { tries: 8 });
  } catch (cause) {
    const last = await page.locator('.monaco-hover:visible').allInnerTexts();
    throw new Error(`no hover that says ${expected}, but ${JSON.stringify(last)}`, { cause });
  }
  return text;
}

/** A lens whose words are as expected. */
export function lens(page, words) {
  return page.locator('.codelens-decoration a', { hasText: words }).first();
}

/** Runs a command and answers its questions, again until its effect is seen. */
export async function answered(page, name, answers, effect) {
  await repeat(
    async () => {
      if (await page.locator('.quick-input-widget:visible').first().isVisible()) await page.keyboard.press('Escape');
      await command(page, name);
      for (const answer of answers) await pick(page, answer);
    },
    effect,
    { wait: 20_000 },
  );
}

/** Chooses in the list that a command shows. */
async function pick(page, words) {
  const timeout = 20_000;
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: words }).first().waitFor({ timeout });
  await page.locator('.quick-input-widget input').first().fill(words, { timeout });
  await page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: words }).first().waitFor({ timeout });
  await page.keyboard.press('Enter');
}

/** Rests the pointer on a word until its hover is there, and gives the hover's text. */
export async function hover(page, word, expected) {
  const ask = async () => {
    await page.mouse.move(5, 5);
    await page.locator('.editor-instance .view-line span span', { hasText: word }).first().hover();
  };
  return hoverText(page, ask, expected);
}

/** Waits until a line of the text holds the words. Monaco renders blanks as no-break spaces. */
export function line(page, words) {
  return page.locator('.editor-instance .view-line', { hasText: words }).first().waitFor();
}

/** Runs a command by its name. */
export async function command(page, name) {
  await ask(page, 'F1', `>${name}`, page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: name }));
}

/** Opens the list of files or commands by its key, and takes the entry that then has the focus. */
async function ask(page, key, words, entry) {
  await page.keyboard.press(key);
  await page.locator('.quick-input-widget input').first().fill(words, { timeout: 10_000 });
  await entry.first().waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
}
