// The longest stretch in which the server answers nothing, for large manifests of many shapes: the process itself measures it
// (NETPOL_WATCHDOG=1), garbage collection taken out. One fresh server for each manifest, so that nothing is compiled beforehand.
//   node bench/steps.mjs [--sizes 100000,1000000] [--only WORD] [--server 'node …/server.cjs --stdio'] [--warm]
// What is printed is the smaller one of the two times that bound it from above: elapsed time without garbage collection, which other work
// on the machine makes longer, and processor time, which garbage collection and the helper threads make longer.
// Status 1 where a step takes longer than its limit (20 ms up to 100 kB, 250 ms up to 1 MB).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LARGE_MANIFESTS } from './large-manifests.mjs';
import { Lsp, positions, sleep } from './soak/lsp.mjs';

const { values: args } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100000,1000000' },
    only: { type: 'string', default: '' },
    server: { type: 'string', default: `${process.execPath} ${fileURLToPath(new URL('../dist/server.cjs', import.meta.url))} --stdio` },
    warm: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
});
const LIMITS = [
  [100_000, 20],
  [1_000_000, 250],
];
const URI = 'file:///w/a.yaml';
const KUSTOMIZATION = 'file:///w/kustomization.yaml';
const WARM = 'file:///w/warm.yaml';
let failed = 0;

for (const size of args.sizes.split(',').map(Number)) {
  const limit = LIMITS.find(([most]) => size <= most)?.[1] ?? Infinity;
  console.log(`\n${size} characters, limit ${limit} ms${args.warm ? ', in a warm server' : ''}`);
  for (const [name, make] of Object.entries(LARGE_MANIFESTS).filter(([name]) => name.includes(args.only))) {
    const steps = await measure(make(size), name.includes('kustomization') ? KUSTOMIZATION : URI);
    const worst = Math.max(...Object.values(steps).map(({ ms }) => ms));
    if (worst > limit) failed++;
    const words = Object.entries(steps).map(([what, { ms, of }]) => `${what} ${ms.toFixed(0)}${of ? ` (${of})` : ''}`);
    console.log(`${worst > limit ? '!' : ' '} ${name.padEnd(34)} ${words.join('; ')}`);
  }
}
process.exit(failed > 0 ? 1 : 0);

async function measure(text, uri) {
  const s = new Lsp(args.server.split(' '), { env: { NETPOL_WATCHDOG: '1' } });
  await s.start({ folders: [] });
  await s.quiet(100);
  if (args.warm) await warmUp(s);
  const steps = {};
  const step = async (what) => {
    await idle(s);
    const { longest } = await s.request('netpol/watchdog', {});
    const times = longest.map(({ what: of, ms, cpu }) => ({ of, ms: Math.min(ms, cpu) })).toSorted((a, b) => b.ms - a.ms);
    if (args.all) console.log(what, JSON.stringify(longest.slice(0, 6)));
    steps[what] = times[0] ?? { ms: 0, of: '' };
  };
  await step('start');
  delete steps.start;
  s.open(uri, text);
  await step('open');
  const at = positions(text);
  const middle = text.indexOf('\n', Math.floor(text.length / 2));
  const place = at.at(middle < 0 ? Math.floor(text.length / 2) : middle);
  s.change(uri, 2, [{ range: { start: place, end: place }, text: ' ' }]);
  await step('key');
  const textDocument = { uri };
  const position = { line: place.line, character: Math.max(0, place.character - 3) };
  const range = { start: { line: 0, character: 0 }, end: at.at(text.length) };
  for (const method of ['hover', 'completion', 'definition', 'documentHighlight', 'prepareRename'])
    await s.ask(`textDocument/${method}`, { textDocument, position }, 60_000);
  await step('at a place');
  for (const method of ['documentSymbol', 'foldingRange', 'semanticTokens/full', 'documentLink'])
    await s.ask(`textDocument/${method}`, { textDocument }, 60_000);
  await s.ask('textDocument/inlayHint', { textDocument, range }, 60_000);
  await s.ask('textDocument/references', { textDocument, position, context: { includeDeclaration: true } }, 60_000);
  await s.ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }, 60_000);
  const { result: lenses } = await s.ask('textDocument/codeLens', { textDocument }, 60_000);
  for (const lens of (lenses ?? []).slice(0, 3)) await s.ask('codeLens/resolve', lens, 60_000);
  await step('whole');
  s.child.kill('SIGKILL');
  await s.exited;
  return steps;
}

/** Opens, edits and closes small manifests of all kinds until the server has compiled what it needs. */
async function warmUp(s) {
  for (let round = 0; round < 6; round++) {
    for (const make of Object.values(LARGE_MANIFESTS)) {
      s.open(WARM, make(20_000));
      await idle(s);
      s.close(WARM);
    }
  }
}

/** Waits until the server has nothing left to do. */
async function idle(s) {
  let busy = cpuOf(s.pid);
  for (let quiet = 0; quiet < 4;) {
    await s.ask('netpol/templates', {}, 120_000);
    await sleep(25);
    const now = cpuOf(s.pid);
    quiet = now - busy <= 10 ? quiet + 1 : 0;
    busy = now;
  }
}

function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
