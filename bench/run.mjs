// The table of `npm run bench`: what the server and the command line take now, the goal, and the peer, yaml-language-server, in
// alternating rounds of the same run.
//
//   npm run bench [-- --rounds N] [--only WORD] [--budget SECONDS] [--no-peer] [--record]
//
// The peer is installed from npm into a scratch folder outside of the project at the first run. `--record` writes bench/RESULTS.md.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, loadSettings } from './lsp/client.mjs';
import { multi } from './lsp/corpus.mjs';
import { SCENARIOS } from './lsp/scenarios.mjs';
import { fmt, summary, table } from './lsp/stats.mjs';
import { clusterPolicies, networkPolicies, workloads } from './workspaces.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const PEER = 'yaml-language-server@2.0.0';

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    budget: { type: 'string', default: '10' },
    'no-peer': { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});
const work = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** What is measured with both servers: the words of the table, the scenario, its metric, which statistic of it, and the goal. */
const SESSIONS = [
  ['spawn to first diagnostics', 'startup', 'spawn to first diagnostics', 'median', 'ms', 110],
  ['… CPU', 'startup', 'CPU to first diagnostics', 'median', 'ms', 100],
  ['… RSS', 'startup', 'RSS after first diagnostics', 'median', 'MB', 75],
  ['key to diagnostics, 30 lines', 'type-small', 'edit to diagnostics', 'median', 'ms', 0.9],
  ['… p99', 'type-small', 'edit to diagnostics', 'p99', 'ms', 8],
  ['key to diagnostics, 32,000 lines', 'type-large', 'edit to diagnostics', 'median', 'ms', 1.5],
  ['… CPU per key', 'type-large', 'CPU per edit (process)', 'median', 'ms', 2.5],
  ['… RSS', 'type-large', 'RSS after', 'median', 'MB', 150],
  ['open 160,000 lines: first diagnostics', 'type-huge', 'open to first diagnostics', 'median', 'ms', 60],
  ['key to diagnostics, 160,000 lines', 'type-huge', 'edit to diagnostics', 'median', 'ms', 3],
  ['… p99', 'type-huge', 'edit to diagnostics', 'p99', 'ms', 25],
  ['… CPU per key', 'type-huge', 'CPU per edit (process)', 'median', 'ms', 3],
  ['… RSS', 'type-huge', 'RSS after', 'median', 'MB', 300],
  ['hover right after an edit, 160,000 lines', 'query-huge', 'hover right after an edit', 'median', 'ms', 3],
  ['completion right after an edit, 160,000 lines', 'query-huge', 'completion right after an edit', 'median', 'ms', 4],
  ['hover while 12 keys a second arrive, 32,000 lines, p95', 'burst-large', 'hover while typing', 'p95', 'ms', 15],
  ['… CPU per key', 'burst-large', 'CPU per key', 'median', 'ms', 8],
  ['10,000 files: idle', 'workspace-10k', 'spawn to idle (quiet 500 ms)', 'median', 'ms', 1200],
  ['… RSS', 'workspace-10k', 'RSS when idle', 'median', 'MB', 150],
  ['20,000 edits: growth of the reachable heap', 'soak', 'reachable heap growth', 'median', 'MB', 1],
  ['… RSS per 10,000', 'soak', 'RSS slope, second half', 'median', 'MB', 10],
];
/** The peer reads no workspace, and takes too long for these. */
const OURS_ALONE = new Set(['workspace-10k', 'soak']);

/** What is measured in processes of our own: CPU, so that other work on the machine disturbs less. */
const COMMANDS = [
  ['start of the command line: `netpol --version`', () => cli(['--version']), 'ms', undefined],
  ['`check` of 5,000 documents of mixed kinds, CPU', () => cli(['check', mixed(5000)]), 'ms', undefined],
  ['`check` of 50,000 aliases, CPU', () => cli(['check', aliases(50_000)]), 'ms', 3000],
  ['`connections` of 1,000 workloads and policies, CPU', () => cli(['connections', '--format', 'csv', cluster(1000)]), 'ms', undefined],
  [
    '`explain` in it, CPU',
    () => cli(['explain', '--from', 'ns0/app0', '--to', 'ns0/app1', '--port', '80', cluster(1000)]),
    'ms',
    undefined,
  ],
  ['classes and subjects, 10,000 workloads and policies, CPU', () => evaluated(10_000).classes, 'ms', undefined],
  ['all connections of 10,000 workloads and policies, CPU', () => evaluated(10_000).connections, 'ms', 3000],
  ['classes and subjects, 1,000, CPU', () => evaluated(1000).classes, 'ms', undefined],
  ['all connections of 1,000, CPU', () => evaluated(1000).connections, 'ms', undefined],
];

const load = [loadavg()[0]];
const rows = [['', 'now', 'goal', 'peer', 'ratio']];
const isAsked = (...words) => args.only === '' || words.some((word) => word.includes(args.only));
const ours = { name: 'netpol', command: `${process.execPath} ${root}dist/server.cjs --stdio`, config: {} };
const peer = args['no-peer'] ? undefined : installedPeer();
const sessions = await measuredSessions();
for (const [words, scenario, metric, statistic, unit, goal] of SESSIONS) {
  if (!isAsked(words, scenario)) continue;
  const [now, other] = [sessions.get(`netpol ${scenario}`), sessions.get(`peer ${scenario}`)].map((found) =>
    found?.[metric] ? summary(found[metric])[statistic] : NaN,
  );
  rows.push([words, withUnit(now, unit), withUnit(goal, unit), withUnit(other, unit), fmt(now / other)]);
}
for (const [words, measure, unit, goal] of COMMANDS) {
  if (!isAsked(words)) continue;
  note(words);
  rows.push([words, withUnit(measure(), unit), withUnit(goal, unit), '-', '-']);
}
load.push(loadavg()[0]);
console.log(table(rows));
if (args.record) writeFileSync(join(root, 'bench/RESULTS.md'), record());
process.exit(0);

async function measuredSessions() {
  const found = new Map();
  for (const scenario of new Set(SESSIONS.filter(([words, name]) => isAsked(words, name)).map(([, name]) => name))) {
    for (let round = 0; round < Number(args.rounds); round++) {
      for (const server of peer && !OURS_ALONE.has(scenario) ? [ours, peer] : [ours]) {
        note(`${scenario}, ${server.name}`);
        const samples = found.get(`${server.name} ${scenario}`) ?? {};
        found.set(`${server.name} ${scenario}`, samples);
        for (const [metric, { samples: more, error }] of Object.entries(await session(server, scenario))) {
          (samples[metric] ??= []).push(...more);
          if (error) note(`  ${error}`);
        }
      }
    }
  }
  return found;
}

async function session({ command, config }, scenario) {
  const clients = [];
  const opt = { edits: 200, budgetMs: Number(args.budget) * 1000, queries: 20, starts: 5, soakEdits: 20_000, openAllLimitMs: 300_000 };
  const start = async ({ root: folder, track, env } = {}) => {
    const client = new Client(command, config, { env });
    clients.push(client);
    const { at } = await client.initialize(folder ?? work);
    track?.(at - client.spawnedAt);
    return client;
  };
  try {
    return await SCENARIOS[scenario][1]({ opt, dir: work, start });
  } catch (fault) {
    return { failed: { samples: [1], error: String(fault) } };
  } finally {
    for (const client of clients) client.child.kill('SIGKILL');
  }
}

/** The peer in a folder outside of the project; undefined where npm cannot bring it. */
function installedPeer() {
  const folder = join(tmpdir(), 'netpol-bench-peer');
  const program = join(folder, 'node_modules/yaml-language-server/bin/yaml-language-server');
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(program)) execFileSync('npm', ['install', '--no-save', '--prefix', folder, PEER], { stdio: 'ignore' });
  } catch {
    note(`${PEER} cannot be installed; its column stays empty.`);
    return undefined;
  }
  const config = loadSettings(fileURLToPath(new URL('lsp/peer/yamlls-np.json', import.meta.url)));
  return { name: 'peer', command: `${process.execPath} ${program} --stdio`, config };
}

/** CPU of one call of the command line, in milliseconds. */
function cli(words) {
  const before = childTime();
  try {
    execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), ...words], { stdio: ['ignore', 'ignore', 'ignore'], maxBuffer: 1 << 30 });
  } catch {
    // Findings give another status than 0.
  }
  return childTime() - before;
}

/** CPU of all children so far: fields 16 and 17 of /proc/self/stat, in hundredths of a second. */
function childTime() {
  const fields = execFileSync('cat', [`/proc/${process.pid}/stat`], { encoding: 'utf8' })
    .split(') ')[1]
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function mixed(size) {
  const third = Math.ceil(size / 3);
  return file(`mixed-${size}.yaml`, () => [networkPolicies(third), workloads(third), clusterPolicies(third)].join('---\n'));
}

function cluster(size) {
  return file(`cluster-${size}.yaml`, () => `${networkPolicies(size)}---\n${workloads(size)}`);
}

function aliases(size) {
  const head =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: b}\nspec:\n  podSelector: &a {matchLabels: {a: b}}\n';
  return file(`aliases-${size}.yaml`, () => `${head}  ingress:\n${'  - from: [*a]\n'.repeat(size)}`);
}

function file(name, text) {
  const path = join(work, name);
  if (!existsSync(path)) writeFileSync(path, text());
  return path;
}

function evaluated(size) {
  const out = execFileSync(process.execPath, ['--expose-gc', join(root, 'bench/eval.mjs'), String(size)], { encoding: 'utf8' });
  const number = (pattern) => Number(pattern.exec(out)?.[1] ?? NaN);
  return { classes: number(/classes and subjects (\d+) ms/), connections: number(/connections (\d+) ms/) };
}

function record() {
  const [{ model }] = cpus();
  const lines = multi(5000).split('\n').length;
  return `# Results of \`npm run bench\`

${new Date().toISOString().slice(0, 10)}; ${model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.version}; peer: ${peer ? PEER : 'not measured'}; load at the start and the end ${load.map((one) => one.toFixed(1)).join(' and ')}; rounds: ${args.rounds}.

Where the load is higher than the number of cores, wall times are longer than on a quiet machine by about that factor, and CPU times by up to three times; the ratio to the peer, measured in alternating rounds of the same run, holds better. "160,000 lines" are ${lines.toLocaleString('en')} lines: 5,000 policies in one file.

${table(rows)}
`;
}

function withUnit(number, unit) {
  return number === undefined || Number.isNaN(number) ? '-' : `${fmt(number)} ${unit}`;
}

function note(words) {
  process.stderr.write(`# ${words}\n`);
}
