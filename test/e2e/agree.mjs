// Lane "agree": the language server (over stdio, as any editor runs it) and `netpol check` say the same about examples/.
import { spawn, spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import { ensurePackage, pause, root, within } from './editor.mjs';
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
  const expected = byFile(files, diagnostics);
  const found = () =>
    byFile(
      files,
      [...server.published].flatMap(([file, params]) => params.diagnostics.map((diagnostic) => ({ ...diagnostic, file }))),
    );
  try {
    await server.open(files);
    for (const end = Date.now() + 45_000; Date.now() < end && !isDeepStrictEqual(found(), expected);) await pause(100);
    await pause(1000); // What comes later must not differ either.
    await check(`the ${files.length} files of examples/ get the same findings from both`, () => assert.deepEqual(found(), expected));
    await check('diagnostics carry the version of the document', () => {
      assert.deepEqual(
        [...server.published].filter(([, { version }]) => version !== 1),
        [],
      );
    });
  } finally {
    await check('the server ends when asked to', async () => assert.equal(await server.stop(), 0));
  }
});

/** Every file with its findings as sorted lines, so that a difference reads well. */
function byFile(files, diagnostics) {
  return Object.fromEntries(
    files.toSorted().map((file) => [
      file,
      diagnostics
        .filter((diagnostic) => diagnostic.file === file)
        .map(line)
        .toSorted(),
    ]),
  );
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
      const code = await within(5000, exited, 'still running after 5 s');
      child.kill('SIGKILL');
      return code;
    },
  };
}
