// A long session with every feature: edits, opens, closes, disk changes, settings, and all requests between them; the text always returns to where it began, so that what grows is kept for nothing.
//   npm run soak [-- --minutes 60] [--rounds N] [--seed N] [--server 'node …/server.cjs --stdio']
// Status 1 where a request stays unanswered or fails, the server logs an error or ends, or the reachable heap grows after the first eighth
// of the rounds by more than 8 MB (compiled code grows for a while, data does not).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lsp, positions, rng, sleep, toUri } from './soak/lsp.mjs';
import { contentFor, SNIPPETS } from './soak/content.mjs';
const arg = (name, other) => {
  const i = process.argv.indexOf(`--${name}`);
  return i < 0 ? other : process.argv[i + 1];
};
const SERVER = arg('server', `${process.execPath} ${fileURLToPath(new URL('../dist/server.cjs', import.meta.url))} --stdio`).split(' '),
  MINUTES = Number(arg('minutes', 10)),
  ROUNDS = Number(arg('rounds', MINUTES * 600)),
  UNTIL = Date.now() + MINUTES * 60000;
const ROOT = mkdtempSync(join(tmpdir(), 'soak-')),
  HEAP = join(ROOT, 'heap'),
  W = join(ROOT, 'w');
mkdirSync(W);
const pre = join(dirname(fileURLToPath(import.meta.url)), 'lsp/gc-preload.cjs');
const r = rng(Number(arg('seed', 7))),
  FILES = Array.from({ length: 12 }, (_, i) => `f${i}.yaml`),
  base = new Map(
    FILES.map((f) => [
      f,
      Array.from({ length: 4 }, () => contentFor(f, r))
        .join('---\n')
        .replaceAll('\r', ''),
    ]),
  );
for (const [f, t] of base) writeFileSync(join(W, f), t);
const s = new Lsp(SERVER, { env: { NODE_OPTIONS: `--require ${pre}`, LSPBENCH_HEAP: HEAP } });
await s.start({ folders: [{ uri: toUri(W), name: 'w' }] });
await s.quiet(300);
const docs = new Map();
const uri = (f) => toUri(join(W, f));
const open = (f) => {
  docs.set(f, { text: base.get(f), version: 1 });
  s.open(uri(f), base.get(f));
};
for (const f of FILES.slice(0, 5)) open(f);
async function heap() {
  await s.quiet(400);
  writeFileSync(HEAP, '');
  process.kill(s.pid, 'SIGUSR2');
  for (let i = 0; i < 200; i++) {
    await sleep(50);
    try {
      return JSON.parse(readFileSync(HEAP, 'utf8'));
    } catch {
      /* not yet */
    }
  }
  return {};
}
const errors = new Map();
let asked = 0,
  edits = 0;
const waiting = [];
const ask = (m, p) => {
  asked++;
  waiting.push(
    s.ask(m, p, 60000).then((a) => {
      if (a.error && a.error.code !== -32803)
        errors.set(`${m} ${a.error.message}`.slice(0, 120), (errors.get(`${m} ${a.error.message}`.slice(0, 120)) ?? 0) + 1);
      return a.result;
    }),
  );
  return waiting.at(-1);
};
function edit(f, from, to, text) {
  const d = docs.get(f),
    at = positions(d.text);
  s.change(uri(f), ++d.version, [{ range: { start: at.at(from), end: at.at(to) }, text }]);
  const old = d.text.slice(from, to);
  d.text = d.text.slice(0, from) + text + d.text.slice(to);
  edits++;
  return old;
}
const samples = [];
for (let i = 0; i < ROUNDS && Date.now() < UNTIL && !s.dead; i++) {
  const names = [...docs.keys()],
    f = r.pick(names),
    d = docs.get(f),
    from = r.int(d.text.length),
    to = Math.min(d.text.length, from + r.pick([0, 0, 1, 20])),
    text = r
      .pick(SNIPPETS)
      .replaceAll('\r', '')
      .replace(/[\ud800-\udfff]/g, '');
  const old = edit(f, from, to, text);
  const at = positions(d.text),
    position = at.at(r.int(d.text.length)),
    textDocument = { uri: uri(f) },
    range = { start: { line: 0, character: 0 }, end: at.at(d.text.length) };
  for (const m of ['hover', 'completion', 'definition', 'prepareRename', 'documentHighlight'].filter(() => r.chance(0.4)))
    ask(`textDocument/${m}`, { textDocument, position });
  if (r.chance(0.3)) ask('textDocument/references', { textDocument, position, context: { includeDeclaration: true } });
  for (const m of ['documentSymbol', 'semanticTokens/full', 'foldingRange'].filter(() => r.chance(0.3)))
    ask(`textDocument/${m}`, { textDocument });
  if (r.chance(0.3)) ask('textDocument/inlayHint', { textDocument, range });
  if (r.chance(0.2))
    ask('textDocument/codeAction', { textDocument, range, context: { diagnostics: s.published.get(uri(f))?.diagnostics ?? [] } });
  if (r.chance(0.2))
    ask('textDocument/codeLens', { textDocument }).then((l) => {
      for (const x of (l ?? []).slice(0, 4)) ask('codeLens/resolve', x);
    });
  if (r.chance(0.1)) ask('netpol/report', { uri: uri(f), what: { kind: 'matrix' } });
  if (r.chance(0.1))
    ask('textDocument/prepareCallHierarchy', { textDocument, position }).then((l) => {
      for (const item of l ?? []) ask('callHierarchy/incomingCalls', { item });
    });
  if (r.chance(0.1)) ask('workspace/symbol', { query: 'a' });
  if (r.chance(0.5)) await sleep(r.pick([0, 5, 60]));
  edit(f, from, from + text.length, old);
  if (r.chance(0.03)) {
    s.close(uri(f));
    docs.delete(f);
    if (docs.size < 3) open(FILES.find((x) => !docs.has(x)));
  }
  if (r.chance(0.03)) {
    const g = FILES.find((x) => !docs.has(x));
    if (g) open(g);
  }
  if (r.chance(0.03)) {
    const g = r.pick(FILES);
    writeFileSync(join(W, g), `${base.get(g)}---\nkind: Pod\n`);
    s.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(g), type: 2 }] });
    writeFileSync(join(W, g), base.get(g));
    s.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(g), type: 2 }] });
  }
  if (r.chance(0.005)) {
    s.settings = r.pick([{}, { profile: 'audit' }, { profile: 'strict' }]);
    s.notify('workspace/didChangeConfiguration', { settings: null });
  }
  if (waiting.length > 50) {
    await Promise.all(waiting.splice(0));
  }
  if (i % Math.floor(ROUNDS / 8) === 0) {
    s.settings = {};
    s.notify('workspace/didChangeConfiguration', { settings: null });
    await Promise.all(waiting.splice(0));
    const h = await heap();
    samples.push(h);
    console.log(
      JSON.stringify({
        round: i,
        edits,
        asked,
        heapMb: h.heapMb?.toFixed(1),
        rssMb: h.rssMb?.toFixed(0),
        unanswered: s.unanswered,
        logs: s.logs.filter((l) => l.type === 1).length,
      }),
    );
  }
}
await Promise.all(waiting.splice(0));
const h = await heap(),
  growth = h.heapMb - (samples[1]?.heapMb ?? h.heapMb),
  failed = s.unanswered > 0 || errors.size > 0 || s.dead !== undefined || s.logs.some((l) => l.type === 1) || growth > 8;
console.log(
  JSON.stringify({
    end: true,
    growthMb: growth.toFixed(1),
    edits,
    asked,
    unanswered: s.unanswered,
    heapMb: h.heapMb?.toFixed(1),
    rssMb: h.rssMb?.toFixed(0),
    errors: [...errors],
    logs: s.logs
      .filter((l) => l.type === 1)
      .slice(0, 3)
      .map((l) => l.message.slice(0, 300)),
    dead: s.dead ?? null,
    exit: await s.stop(),
  }),
);
rmSync(ROOT, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
