// Runs what is shipped under the oldest Node that package.json states, and holds it against the Node that runs this: the same findings, the same
// connections, and a server that starts and ends. The old Node comes from the registry, by its exact version.
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const oldest = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node)?.[1];
assert.ok(oldest, `engines.node must be ">=X.Y.Z", not ${engines.node}`);

const where = spawnSync('npm', ['exec', '--yes', `--package=node@${oldest}`, '--', 'node', '-p', 'process.execPath'], { encoding: 'utf8' });
const old = where.stdout.trim();
assert.equal(where.status, 0, `Node ${oldest} could not be fetched:\n${where.stderr}`);
assert.equal(run(old, ['--version']).stdout.trim(), `v${oldest}`);

for (const words of [
  ['check', 'examples', '--format', 'json'],
  ['check', 'examples', '--format', 'sarif'],
  ['connections', 'examples/shop'],
]) {
  const [now, then] = [process.execPath, old].map((node) => run(node, ['dist/cli.cjs', ...words]));
  assert.ok(now.stdout.length > 100, `netpol ${words.join(' ')} says next to nothing:\n${now.stderr}`);
  assert.deepEqual(then, now, `netpol ${words.join(' ')} differs under Node ${oldest}`);
}

const hello = [
  { id: 1, method: 'initialize', params: { processId: null, rootUri: `file://${root}/examples`, capabilities: {} } },
  { method: 'initialized', params: {} },
  { id: 2, method: 'workspace/symbol', params: { query: '' } },
  { id: 3, method: 'shutdown' },
  { method: 'exit' },
];
const server = run(old, ['dist/server.cjs', '--stdio'], hello.map(frame).join(''));
assert.equal(server.status, 0, server.stderr);
for (const { id } of hello)
  if (id) assert.ok(server.stdout.includes(`"id":${id},"result"`), `request ${id} has no answer: ${server.stdout.slice(0, 500)}`);
console.log(`Node ${oldest} does the same as Node ${process.versions.node}.`);

function run(node, words, input) {
  const { status, stdout, stderr } = spawnSync(node, words, { cwd: root, encoding: 'utf8', input, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

function frame(message) {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
