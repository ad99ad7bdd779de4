// Runs the end-to-end lanes one after the other; the last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { editorUnavailable, ensureEditor, ensurePackage, findChromium, out } from './editor.mjs';

/**
 * `agree` needs no editor; the others drive VS Code in Chromium. `ui` moves the mouse and waits for pixels: as its steps build upon each
 * other, all of it may have a second try. In `api` each check that failed has one (harness/index.js).
 */
const lanes = [{ name: 'agree' }, { name: 'api', editor: true }, { name: 'ui', editor: true, tries: 2 }];

const options = process.argv.slice(2);
if (options.includes('--update-picture')) process.env.NETPOL_PICTURE = '1'; // the lane "ui" then writes the README's picture
const requested = options.filter((option) => option !== '--update-picture');
const unknown = requested.filter((name) => !lanes.some((lane) => lane.name === name));
if (unknown.length > 0) {
  console.error(`No lane named ${unknown.join(', ')}; there are ${lanes.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const missing =
  editorUnavailable() ?? (findChromium() === undefined ? 'no Chromium found (install one, or set CHROMIUM to its path)' : undefined);
ensurePackage();
process.env.NETPOL_PACKAGED = '1';
if (missing === undefined) await ensureEditor();

let passed = 0;
let failed = 0;
for (const lane of lanes.filter(({ name }) => requested.length === 0 || requested.includes(name))) {
  if (lane.editor && missing !== undefined) {
    console.log(`SKIPPED lane ${lane.name}: ${missing}`);
    continue;
  }
  let results = runLane(lane.name);
  for (let tries = 1; tries < (lane.tries ?? 1) && results.some(({ error }) => error !== undefined); tries++) {
    console.log(
      `AGAIN lane ${lane.name}, because of: ${results.flatMap(({ name, error }) => (error === undefined ? [] : [name])).join('; ')}`,
    );
    results = runLane(lane.name);
  }
  passed += results.filter(({ error }) => error === undefined).length;
  failed += results.filter(({ error }) => error !== undefined).length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function runLane(name) {
  const file = join(out, `${name}.json`);
  rmSync(file, { force: true });
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.mjs`)], { stdio: 'inherit' });
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.log(`FAIL  ${name}: the lane ended with status ${status} and left no results`);
    return [{ name: 'the lane leaves results', error: `status ${status}` }];
  }
}
