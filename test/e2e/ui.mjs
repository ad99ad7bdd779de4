// Lane "ui": the packaged .vsix as a user meets it: typing, looking, pointing. Every step leaves a screenshot in out/.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPage } from './browser.mjs';
import { ensureEditor, ensurePackage, out, root, startEditor } from './editor.mjs';
import { runLane } from './lane.mjs';

// Typed letter by letter, so that nothing but the typing decides what the file holds.
const settings = {
  '[yaml]': {
    'editor.autoIndent': 'none',
    'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  },
  'editor.autoClosingBrackets': 'never',
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.acceptSuggestionOnCommitCharacter': false,
  'editor.suggestOnTriggerCharacters': false,
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
  'workbench.colorTheme': 'Default Light Modern',
};

const misspelt = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingres:
    - from:
        - podSelector:
            matchLabels:
              app: gateway
`;

const guard = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: keep-guests-out
spec:
  tier: Admin
  priority: 10
  subject:
    namespaces: {}
  ingress:
    - name: guests
      action: Deny
      from:
        - namespaces:
            matchLabels:
              team: guests
`;

await runLane('ui', async ({ check }) => {
  ensurePackage();
  await ensureEditor();
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'netpol-ui-'));
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  for (const [file, text] of Object.entries({
    'typed.yaml': '',
    'guard.yaml': guard,
    'empty.yaml': '',
    'huge.yaml': misspelt.padEnd(51 << 20, '# filler\n'),
  }))
    await writeFile(join(folder, file), text);
  const editor = await startEditor({ settings });
  try {
    await withPage((page) => walkThrough(page, editor.url(`folder=${encodeURIComponent(folder)}`), check));
  } finally {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

async function walkThrough(page, url, check) {
  const shot = (name) => page.screenshot({ path: join(out, `${name}.png`) });
  const step = (name, picture, action) =>
    check(name, async () => {
      try {
        await action();
      } finally {
        await shot(picture);
      }
    });
  await page.goto(url);

  await step('a policy is typed, its misspelt key gets a squiggle', 'ui-1-squiggle', async () => {
    await open(page, 'typed.yaml');
    await page.keyboard.type(misspelt, { delay: 5 });
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
  });
  await step('the Problems view lists the finding in words', 'ui-2-problems', async () => {
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'ingres' }).first();
    await row.waitFor();
    assert.match(await row.innerText(), /netpol/);
  });
  await step('the hover of a selector is a sentence', 'ui-3-selector', async () => {
    assert.match(await hover(page, 'podSelector'), /pods?/i);
  });
  await step('the finding goes when the key is repaired', 'ui-4-repaired', async () => {
    await page.keyboard.press('Control+Shift+M'); // to the panel, then back to the text
    await open(page, 'typed.yaml');
    await page.keyboard.press('Control+H');
    await page.keyboard.type('ingres:');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ingress:');
    await page.keyboard.press('Control+Alt+Enter');
    await page.keyboard.press('Escape');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
  });
  await step('the hover of a priority shows the ladder', 'ui-5-priority', async () => {
    await open(page, 'guard.yaml');
    const text = await hover(page, 'priority');
    for (const word of ['Admin', 'NetworkPolicy', 'Baseline']) assert.ok(text.includes(word), `no "${word}" in: ${text}`);
  });
  await step('an empty file offers templates', 'ui-6-templates', async () => {
    await open(page, 'empty.yaml');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
  });
  await step('a template is inserted with its places to fill in', 'ui-7-inserted', async () => {
    await page.keyboard.type('limit-to-app');
    await page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'netpol-limit-to-app' }).waitFor();
    await page.keyboard.press('Tab');
    await line(page, 'podSelector:');
    await page.keyboard.type('from-the-keyboard');
    await line(page, 'from-the-keyboard');
    assert.equal(await page.locator('.monaco-editor .squiggly-error').count(), 0, 'the template has no errors');
  });
  await step('the command offers the same templates, by kind', 'ui-8-command', async () => {
    await command(page, 'Netpol: New Policy from Template');
    await page.locator('.quick-input-widget .monaco-list-row').nth(5).waitFor();
  });
  await step('the status entry says it in words', 'ui-9-status', async () => {
    await page.keyboard.press('Escape');
    await open(page, 'guard.yaml');
    await page.locator('#status\\.languageStatus').first().click();
    await page
      .locator('.hover-language-status', { hasText: /Netpol: \w+/ })
      .first()
      .waitFor();
  });
  await step('the status bar says that a file above 50 MB is not checked', 'ui-10-too-large', async () => {
    await page.keyboard.press('Escape');
    await open(page, 'huge.yaml');
    await page.locator('.statusbar-item', { hasText: 'Netpol: file too large to check' }).first().waitFor();
  });
  await step('the log opens', 'ui-11-log', async () => {
    await page.keyboard.press('Escape');
    await command(page, 'Netpol: Show Log');
    await page.locator('.pane-body .view-line, .output-view .view-line', { hasText: /\S/ }).first().waitFor();
  });
}

async function open(page, file) {
  await page.locator('.explorer-folders-view').getByRole('treeitem', { name: file }).dblclick();
  await page.locator(`.tab.active[data-resource-name="${file}"]`).waitFor();
  await page.locator('.editor-instance .monaco-editor .view-lines').first().click();
}

/** Rests the pointer on a word until its hover is there, and gives the hover's text. */
async function hover(page, word) {
  await page.mouse.move(5, 5);
  await page.locator('.editor-instance .view-line span span', { hasText: word }).first().hover();
  const box = page.locator('.monaco-hover:visible .hover-contents', { hasText: /\S/ }).first();
  await box.waitFor();
  return page.locator('.monaco-hover:visible').first().innerText();
}

/** Waits until a line of the text holds the words. Monaco renders blanks as no-break spaces. */
function line(page, words) {
  return page.locator('.editor-instance .view-line', { hasText: words }).first().waitFor();
}

async function command(page, name) {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').first().waitFor();
  await page.keyboard.type(name);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}
