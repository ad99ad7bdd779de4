// Lane "api": the packaged .vsix in a real VS Code, asked through the real `vscode` API inside the extension host.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPage } from './browser.mjs';
import { ensureEditor, ensurePackage, out, root, startEditor, within } from './editor.mjs';
import { runLane } from './lane.mjs';

const marker = 'netpol-check ';
const limit = 600_000; // ms for the whole run in the extension host; a quiet machine needs about 15 000

await runLane('api', async ({ record }) => {
  ensurePackage();
  await ensureEditor();
  const workspace = await makeWorkspace();
  const editor = await startEditor({ driver: true });
  try {
    await withPage((page) => runHarness(page, editor, workspace, record));
  } finally {
    await editor.stop();
    await rm(workspace, { recursive: true, force: true });
  }
});

/** Two roots: the examples, with what the command line says of them, and an empty folder to write in. */
async function makeWorkspace() {
  const folder = await mkdtemp(join(tmpdir(), 'netpol-api-'));
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  await mkdir(join(folder, 'scratch'));
  await writeFile(join(folder, 'two-roots.code-workspace'), JSON.stringify({ folders: [{ path: 'examples' }, { path: 'scratch' }] }));
  // Run inside the folder: the files are named relative to it, as the harness names them.
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), 'check', '.', '--format', 'json'], {
    cwd: join(folder, 'examples'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  await writeFile(join(folder, 'check.json'), stdout === '' ? JSON.stringify({ failure: stderr }) : stdout);
  return folder;
}

async function runHarness(page, editor, workspace, record) {
  const harness = `vscode-remote://${editor.address}${join(root, 'test/e2e/harness')}`;
  const payload = [
    ['extensionDevelopmentPath', harness],
    ['extensionTestsPath', `${harness}/index.js`],
    ['skipWelcome', 'true'],
  ];
  const noise = [];
  const ended = new Promise((done) => void page.exposeFunction('codeAutomationExit', done));
  await page.exposeFunction('codeAutomationLog', (_type, args) => {
    for (const text of args.filter((arg) => typeof arg === 'string')) {
      if (text.startsWith(marker)) record(JSON.parse(text.slice(marker.length)));
      else noise.push(text);
    }
  });
  const file = encodeURIComponent(join(workspace, 'two-roots.code-workspace'));
  await page.goto(editor.url(`workspace=${file}&payload=${encodeURIComponent(JSON.stringify(payload))}`));
  const code = await within(limit, ended, 'none');
  await page.screenshot({ path: join(out, 'api-last.png') }).catch(() => {});
  if (code === 0) return;
  await writeFile(join(out, 'api.log'), noise.join('\n'));
  if (code !== 1) throw new Error(`the tests in the extension host did not end (exit ${code}); see test/e2e/out/api.log`);
}
