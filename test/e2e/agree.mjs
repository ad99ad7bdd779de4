// Lane "agree": the language server (over stdio, as any editor runs it) and `netpol check` say the same about examples/.
import { spawn, spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node.js';
import { ensurePackage, pause, root } from './editor.mjs';
import { runLane } from './lane.mjs';

const cli = join(root, 'dist/cli.cjs');
const examples = join(root, 'examples');
const severities = ['', 'error', 'warning', 'information', 'hint'];

await runLane('agree', async ({ check }) => {
  ensurePackage();
  const report = spawnSync(process.execPath, [cli, 'check', '.', '--format', 'json'], {
    cwd: examples,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.ok(report.stdout.startsWith('{'), `netpol check gave no JSON:\n${report.stdout}\n${report.stderr}`);
  const { diagnostics } = JSON.parse(report.stdout);
  await check('examples/ has something to find', () => assert.ok(diagnostics.length > 0));

  const server = startServer();
  const files = readdirSync(examples, { recursive: true }).filter((file) => /\.(ya?ml|json)$/.test(file));
  try {
    await server.open(files);
    for (const file of files) await check(`examples/${file}`, () => agree(server, file, diagnostics));
  } finally {
    await check('the server ends when asked to', async () => assert.equal(await server.stop(), 0));
  }
});

async function agree(server, file, diagnostics) {
  const expected = diagnostics
    .filter((diagnostic) => diagnostic.file === file)
    .map(line)
    .toSorted();
  const found = () => (server.published.get(file)?.diagnostics ?? []).map(line).toSorted();
  for (const end = Date.now() + 15_000; Date.now() < end; await pause(50)) {
    if (server.published.has(file) && JSON.stringify(found()) === JSON.stringify(expected)) break;
  }
  assert.ok(server.published.has(file), 'the server published nothing');
  assert.deepEqual(found(), expected);
  assert.equal(server.published.get(file).version, 1, 'diagnostics carry the version of the document');
}

/** One finding in one line: a report says the severity in a word, LSP by number. */
function line({ range: { start, end }, severity, code, message }) {
  return `${start.line}:${start.character}-${end.line}:${end.character} ${severities[severity] ?? severity} ${code} ${message}`;
}

function startServer() {
  const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((done) => child.once('exit', done));
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const published = new Map();
  const uriOf = (file) => pathToFileURL(join(examples, file)).href;
  const fileOf = new Map();
  connection.onNotification('textDocument/publishDiagnostics', (params) => published.set(fileOf.get(params.uri) ?? params.uri, params));
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => ({})));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.listen();

  return {
    published,
    async open(files) {
      const folder = pathToFileURL(examples).href;
      const capabilities = {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { publishDiagnostics: { versionSupport: true } },
      };
      await connection.sendRequest('initialize', {
        processId: process.pid,
        rootUri: folder,
        workspaceFolders: [{ uri: folder, name: 'examples' }],
        capabilities,
      });
      await connection.sendNotification('initialized', {});
      for (const file of files) {
        fileOf.set(uriOf(file), file);
        const textDocument = {
          uri: uriOf(file),
          languageId: file.endsWith('.json') ? 'json' : 'yaml',
          version: 1,
          text: readFileSync(join(examples, file), 'utf8'),
        };
        await connection.sendNotification('textDocument/didOpen', { textDocument });
      }
    },
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await Promise.race([exited, pause(5000).then(() => 'still running after 5 s')]);
      child.kill('SIGKILL');
      return code;
    },
  };
}
