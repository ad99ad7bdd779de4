// Runs inside the extension host. Every check prints one line that api.mjs collects.
const assert = require('node:assert/strict');
const vscode = require('vscode');
const { checks: alone } = require('./checks.js');
const { checks: together } = require('./cluster.js');

exports.run = async function run() {
  let failed = 0;
  for (const [name, action] of Object.entries({ ...alone, ...together })) {
    const result = { name };
    try {
      await action();
    } catch (error) {
      failed += 1;
      result.error = error instanceof assert.AssertionError ? error.message : String(error?.stack ?? error);
    }
    console.log(`netpol-check ${JSON.stringify(result)}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
  if (failed > 0) throw new Error(`${failed} checks failed`);
};
