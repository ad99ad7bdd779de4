// What rules cost, by workspace: node bench/rules.mjs [shop|network|cluster…]
// For each: all rules on a fresh start, then after one key in one manifest while everything else is known; the longest step that nothing
// interrupts; the rules that take most. Processor time, so that other work on the machine disturbs less.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { clusterPolicies, networkPolicies, workloads } from './workspaces.mjs';

const root = new URL('..', import.meta.url).pathname;
const netpol = await bundled([
  'features/diagnose',
  'features/diagnose-workspace',
  'rules/index',
  'settings',
  'syntax/source-file',
  'workspace/snapshot',
]);
const spent = new Map();
for (const rule of [...netpol.manifestRules, ...netpol.workspaceRules]) rule.check = timedCheck(rule);

const SIZE = 1000;
const WORKSPACES = {
  shop: () => filesBelow(join(root, 'examples/shop')),
  network: () => ({ 'policies.yaml': networkPolicies(SIZE), 'workloads.yaml': workloads(SIZE) }),
  cluster: () => ({ 'policies.yaml': clusterPolicies(SIZE), 'workloads.yaml': workloads(200) }),
};

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(WORKSPACES)) measure(name, WORKSPACES[name]());

function measure(name, files) {
  const texts = Object.entries(files).map(([path, text]) => [`file:///bench/${path}`, text]);
  const changes = texts.map(([uri, text]) => ({ uri, file: netpol.sourceFile(text), keepTrees: true }));
  const [{ uri }] = changes.toSorted((a, b) => policyCount(b) - policyCount(a));
  console.log(`\n${name}: ${changes.length} files, ${changes.reduce((sum, change) => sum + manifestCount(change), 0)} manifests`);
  spent.clear();
  const local = changes.map((change) =>
    worked(() => netpol.diagnose(change.file, { uri: change.uri, settings: netpol.DEFAULTS, partial: false })),
  );
  const taken = timed(() => netpol.withFiles(netpol.emptySnapshot({ folders: ['file:///bench'], clusters: {} }), changes));
  const whole = changes.map((change) => worked(() => netpol.diagnoseWorkspace(taken.value, change.uri, netpol.DEFAULTS)));
  report('fresh start', total(local), taken.ms, total(whole), changes.length);
  listDearest();
  spent.clear();
  const keys = typed(taken.value, uri);
  const middle = (of) => median(keys.map(of));
  report(
    'one key',
    { ms: middle((key) => key.local.ms), step: middle((key) => key.local.step), count: 0 },
    middle((key) => key.taken),
    {
      ms: middle((key) => key.whole.ms),
      step: middle((key) => key.whole.step),
      count: keys.at(-1).whole.count,
    },
  );
  listDearest(keys.length);
}

/** Types a key in the middle of the file with most policies, and takes it back, some times. Each time all is asked that the editor shows of that file. */
function typed(start, uri) {
  const keys = [];
  let snapshot = start;
  for (let i = 0; i < 12; i++) {
    const before = netpol.fileAt(snapshot, uri);
    const text = netpol.textOf(before);
    const name = 'metadata:\n  name: ';
    const at = text.lastIndexOf(name, text.length / 2) + name.length;
    const file = netpol.edit(before, i % 2 === 0 ? { start: at, end: at, text: 'x' } : { start: at, end: at + 1, text: '' });
    const local = worked(() => netpol.diagnose(file, { uri, settings: netpol.DEFAULTS, partial: false }));
    const taken = timed(() => netpol.withFile(snapshot, uri, file));
    snapshot = taken.value;
    keys.push({ local, taken: taken.ms, whole: worked(() => netpol.diagnoseWorkspace(snapshot, uri, netpol.DEFAULTS)) });
  }
  // The first ones are slow, because the program is not warm yet.
  return keys.slice(4);
}

function report(when, local, taken, whole) {
  console.log(
    `  ${when}: manifest rules ${ms(local.ms)} (longest step ${ms(local.step)}); snapshot ${ms(taken)}; workspace rules ${ms(whole.ms)} (longest step ${ms(whole.step)}), ${whole.count} findings`,
  );
}

function listDearest(times = 1) {
  const dearest = [...spent].toSorted(([, a], [, b]) => b - a).slice(0, 10);
  console.log(`    dearest: ${dearest.map(([name, used]) => `${name} ${ms(used / times)}`).join(', ')}`);
}

/** Runs a generator to its end, and says how long its longest step took. */
function worked(start) {
  const from = now();
  let step = 0;
  let before = from;
  const work = start();
  for (;;) {
    const next = work.next();
    const here = now();
    step = Math.max(step, here - before);
    before = here;
    if (next.done) return { ms: here - from, step, count: next.value.length };
  }
}

function total(all) {
  return {
    ms: all.reduce((sum, one) => sum + one.ms, 0),
    step: Math.max(...all.map((one) => one.step)),
    count: all.reduce((sum, one) => sum + one.count, 0),
  };
}

function timed(work) {
  const from = now();
  const value = work();
  return { value, ms: now() - from };
}

/** Adds what a rule takes to the list; what it waits for between two drafts is not its own. */
function timedCheck({ name, check }) {
  return function* (context) {
    const add = (from) => spent.set(name, (spent.get(name) ?? 0) + now() - from);
    let from = now();
    for (const draft of check(context)) {
      add(from);
      yield draft;
      from = now();
    }
    add(from);
  };
}

/** Processor time in milliseconds. */
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function ms(number) {
  return `${number < 10 ? number.toFixed(1) : Math.round(number)} ms`;
}

function manifestCount({ file }) {
  return netpol.placesOf(file).length;
}

function policyCount({ file }) {
  return netpol.textOf(file).split(/^kind: .*Policy$/m).length;
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => /\.ya?ml$/.test(entry.name));
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
  );
}

async function bundled(modules) {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
  const outfile = join(folder, 'rules.cjs');
  const contents = modules.map((name) => `export * from '${root}server/${name}.ts';`).join('\n');
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'error',
  });
  const loaded = createRequire(import.meta.url)(outfile);
  rmSync(folder, { recursive: true });
  return loaded;
}
