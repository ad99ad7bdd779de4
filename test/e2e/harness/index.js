// Runs inside the extension host. Every check prints one line that api.mjs collects.
const assert = require('node:assert/strict');
const fs = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');
const { checks: alone } = require('./checks.js');
const { checks: together } = require('./cluster.js');
const { roots } = require('./editing.js');

const limit = 120_000; // ms for one check: whoever hangs must not keep the others from running

/** Every check in turn; those that fail have a second try when all others have run, as the machine may have been busy. */
exports.run = async function run() {
  const again = [];
  for (const [name, action] of Object.entries({ ...alone, ...together })) {
    const error = await attempt(action);
    say({ name, again: error });
    if (error !== undefined) again.push([name, action]);
  }
  let failed = 0;
  for (const [name, action] of again) {
    const error = await attempt(action);
    if (error !== undefined) failed += 1;
    say({ name, error });
  }
  if (failed > 0) throw new Error(`${failed} checks failed`);
};

const say = (result) => console.log(`netpol-check ${JSON.stringify(result)}`);

/** What went wrong, or undefined. Afterwards the editor and the folder to write in are as they were before. */
async function attempt(action) {
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`the check did not end within ${limit} ms`)), limit)));
  try {
    await Promise.race([action(), late]);
    return undefined;
  } catch (error) {
    await emptyScratch();
    return error instanceof assert.AssertionError ? error.message : String(error?.stack ?? error);
  } finally {
    clearTimeout(timer);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
}

/** A check that failed half-way may have left files behind, which would be part of what the next ones see. */
async function emptyScratch() {
  const { scratch } = roots();
  for (const file of await fs.readdir(scratch)) await fs.rm(path.join(scratch, file), { recursive: true, force: true });
}
