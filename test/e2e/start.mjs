// `npm start`: builds the extension and opens examples/ in VS Code, the one on this machine or else one in the browser.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { editorUnavailable, ensureEditor, ensurePackage, root, startEditor, vsix } from './editor.mjs';

const examples = join(root, 'examples');

console.log('Building and packing the extension …');
ensurePackage();
if (hasCode()) openHere();
else await openInBrowser();

function hasCode() {
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

function openHere() {
  for (const args of [
    ['--install-extension', vsix, '--force'],
    [examples, join(examples, 'README.md')],
  ]) {
    const { status } = spawnSync('code', args, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) process.exit(status ?? 1);
  }
  console.log(`Netpol is installed in your VS Code, which now shows ${examples}.`);
}

async function openInBrowser() {
  const reason = editorUnavailable();
  if (reason !== undefined) {
    console.error(`"code" is not on the PATH, and ${reason}. Install dist/netpol.vsix in an editor by hand.`);
    process.exit(1);
  }
  await ensureEditor();
  const stopping = new Promise((done) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, done)));
  // The tour of the folder opens by itself, and what is tried out is not saved into the checkout before anyone says so.
  const editor = await startEditor({ settings: { 'workbench.startupEditor': 'readme', 'files.autoSave': 'off' } });
  console.log(`\n  VS Code with Netpol: ${editor.url(`folder=${encodeURI(examples)}`)}\n\nCtrl-C stops it.`);
  const ended = await Promise.race([stopping, editor.exited.then(() => 'ended')]);
  await editor.stop();
  if (ended === 'ended') console.error(`VS Code ended by itself:\n${editor.log()}`);
  process.exit(ended === 'ended' ? 1 : 0);
}
