// The scenarios. Each gets a context { start(opts) -> Client, opt, dir, log } and returns
// { metric: { unit, samples: [...] } }. Every scenario starts its own server and stops it.
import { mkdirSync, writeFileSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SMALL, multi, writeWorkspace, rng } from './corpus.mjs';
import { now, toUri } from './client.mjs';
import { cpuMs, mainThreadMs, rssMb, peakMb, quiet, sleep } from './proc.mjs';

// Structural keys: one more letter makes an unknown field, which every policy checker must report.
const KEY =
  /^(\s+(?:- )?)(podSelector|namespaceSelector|policyTypes|ingress|egress|ports|protocol|endPort|cidr|except|ipBlock|action|protocols|destinationPort)(:)/;
// `tier` is also a common label key (free text), so only keys that no label has are used.
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function sites(lines, from = 0, to = lines.length) {
  const out = [];
  for (let i = from; i < to; i++) {
    const m = KEY.exec(lines[i]);
    if (m) out.push({ line: i, keyStart: m[1].length, keyEnd: m[1].length + m[2].length, key: m[2] });
  }
  return out;
}

const ms = (samples) => ({ unit: 'ms', samples });
const mb = (samples) => ({ unit: 'MB', samples });
const metric = (unit, samples) => ({ unit, samples });

// Alternating edits at rotating sites: a letter typed at the end of a key (error), then deleted (no error).
async function typing(c, uri, { edits, budgetMs, sitesList, seed = 3 }) {
  const r = rng(seed),
    lat = [],
    bytes = [];
  const cpu0 = cpuMs(c.pid),
    main0 = mainThreadMs(c.pid),
    t0 = now();
  for (let i = 0; i < edits && (i < 4 || now() - t0 < budgetMs); i += 2) {
    const s = sitesList[r.int(0, sitesList.length - 1)],
      ch = r.pick(LETTERS);
    const a = await c.editAndWait(uri, s.line, s.keyEnd, 0, ch);
    const b = await c.editAndWait(uri, s.line, s.keyEnd, 1, '');
    lat.push(a.ms, b.ms);
    bytes.push(a.rec.bytes ?? 0);
  }
  await sleep(100);
  const n = lat.length;
  return { lat, n, cpuPer: (cpuMs(c.pid) - cpu0) / n, mainPer: (mainThreadMs(c.pid) - main0) / n, errors: bytes };
}

const middle = (lines, span) => sites(lines, Math.max(0, Math.floor(lines.length / 2) - span), Math.floor(lines.length / 2) + span);

async function typeScenario(ctx, text, { edits, warm = 10 }) {
  const c = await ctx.start();
  const uri = toUri(join(ctx.dir, 'policy.yaml'));
  writeFileSync(join(ctx.dir, 'policy.yaml'), text);
  const first = await c.openAndWait(uri, text);
  const lines = text.split('\n');
  const list = lines.length < 200 ? sites(lines) : middle(lines, 400);
  await quiet(c.pid, { limitMs: 60000 });
  if (warm) await typing(c, uri, { edits: warm, budgetMs: ctx.opt.budgetMs / 6, sitesList: list, seed: 11 });
  const t = await typing(c, uri, { edits, budgetMs: ctx.opt.budgetMs, sitesList: list });
  const out = {
    'open to first diagnostics': ms([first.ms]),
    'edit to diagnostics': ms(t.lat),
    'CPU per edit (process)': ms([t.cpuPer]),
    'CPU per edit (main thread)': ms([t.mainPer]),
    'RSS after': mb([rssMb(c.pid)]),
    'peak RSS': mb([peakMb(c.pid)]),
    'diagnostics on opening': metric('count', [first.rec.count]),
  };
  await c.stop();
  return out;
}

// Hover and completion at key positions: on an unchanged text, and right after an edit.
async function queries(ctx, text, { n }) {
  const c = await ctx.start();
  const uri = toUri(join(ctx.dir, 'policy.yaml'));
  writeFileSync(join(ctx.dir, 'policy.yaml'), text);
  await c.openAndWait(uri, text);
  await quiet(c.pid, { limitMs: 60000 });
  const lines = text.split('\n');
  const list = lines.length < 200 ? sites(lines) : middle(lines, 400);
  const r = rng(5),
    td = { uri };
  const res = { hover: [], 'hover right after an edit': [], completion: [], 'completion right after an edit': [] };
  let empty = 0,
    items = [];
  const t0 = now();
  for (let i = 0; i < n && (i < 3 || now() - t0 < ctx.opt.budgetMs); i++) {
    const s = list[r.int(0, list.length - 1)];
    const pos = { line: s.line, character: s.keyStart + 2 };
    const h = await c.request('textDocument/hover', { textDocument: td, position: pos });
    if (!h.result) empty++;
    res.hover.push(h.ms);
    const k = await c.request('textDocument/completion', { textDocument: td, position: { line: s.line, character: s.keyEnd } });
    res.completion.push(k.ms);
    items.push((k.result?.items ?? k.result ?? []).length);
    const e = list[r.int(0, list.length - 1)];
    c.edit(uri, e.line, e.keyEnd, 0, 'q');
    res['hover right after an edit'].push((await c.request('textDocument/hover', { textDocument: td, position: pos })).ms);
    c.edit(uri, e.line, e.keyEnd, 1, '');
    res['completion right after an edit'].push(
      (await c.request('textDocument/completion', { textDocument: td, position: { line: s.line, character: s.keyEnd } })).ms,
    );
    await quiet(c.pid, { windowMs: 250, slackMs: 20, limitMs: 60000 });
  }
  const out = Object.fromEntries(Object.entries(res).map(([k, v]) => [k, ms(v)]));
  out['hovers that were empty'] = metric('count', [empty]);
  out['completion items'] = metric('count', items);
  await c.stop();
  return out;
}

// A burst of typing at 12 keys per second without waiting, hovering all the while: does the server keep up?
async function burst(ctx, text, { keys }) {
  const c = await ctx.start();
  const uri = toUri(join(ctx.dir, 'policy.yaml'));
  await c.openAndWait(uri, text);
  await quiet(c.pid, { limitMs: 60000 });
  const list = text.length < 5000 ? sites(text.split('\n')) : middle(text.split('\n'), 400);
  const r = rng(9),
    s = list[0],
    hov = [],
    waits = [];
  const cpu0 = cpuMs(c.pid);
  for (let i = 0; i < keys; i++) {
    c.edit(uri, s.line, s.keyEnd + i, 0, r.pick(LETTERS));
    if (i % 4 === 3)
      waits.push(
        c.request('textDocument/hover', { textDocument: { uri }, position: { line: list[2].line, character: list[2].keyStart + 1 } }).then(
          (h) => hov.push(h.ms),
          () => {},
        ),
      );
    await sleep(83);
  }
  const sent = now(); // from here the server works off what is queued; the last publish is the answer to the last key
  await Promise.all(waits);
  await quiet(c.pid, { windowMs: 1000, limitMs: 120000 });
  const out = {
    'hover while typing': ms(hov),
    'last key to last diagnostics': ms([Math.max(0, (c.published.get(uri)?.t ?? NaN) - sent + 83)]),
    'CPU per key': ms([(cpuMs(c.pid) - cpu0) / keys]),
  };
  await c.stop();
  return out;
}

async function workspace(ctx, n, { openAll }) {
  const root = join(ctx.dir, `ws-${n}`);
  const listFile = join(ctx.dir, `ws-${n}.json`);
  if (!existsSync(listFile)) {
    mkdirSync(root, { recursive: true });
    writeFileSync(listFile, JSON.stringify(writeWorkspace(root, n)));
  }
  const paths = JSON.parse(readFileSync(listFile, 'utf8'));
  const c = await ctx.start({ root });
  const policy = paths.find((p) => /netpol-/.test(p)),
    uri = toUri(policy),
    text = readFileSync(policy, 'utf8');
  const first = await c.openAndWait(uri, text);
  const q = await quiet(c.pid, { limitMs: 300000 });
  const out = {
    'spawn to first diagnostics': ms([first.rec.t - c.spawnedAt]),
    'spawn to idle (quiet 500 ms)': ms([q.at - c.spawnedAt]),
    'CPU until idle': ms([cpuMs(c.pid)]),
    'RSS when idle': mb([rssMb(c.pid)]),
  };
  const list = sites(text.split('\n'));
  const t = await typing(c, uri, { edits: Math.min(40, ctx.opt.edits), budgetMs: ctx.opt.budgetMs, sitesList: list });
  out['edit to diagnostics'] = ms(t.lat);
  out['CPU per edit (process)'] = ms([t.cpuPer]);
  if (openAll) {
    // the only way to have every file checked by a server that does not index
    const t0 = now();
    let lastAt = t0,
      got = 0;
    const all = paths
      .filter((p) => p !== policy)
      .map((p) => {
        const u = toUri(p);
        const w = c
          .waitPublish(u, () => true, 600000)
          .then(
            (r) => {
              lastAt = Math.max(lastAt, r.t);
              got++;
            },
            () => {},
          );
        c.open(u, readFileSync(p, 'utf8'));
        return w;
      });
    await Promise.race([Promise.all(all), sleep(ctx.opt.openAllLimitMs)]);
    out['all files opened: last diagnostics'] = ms([got === all.length ? lastAt - t0 : NaN]);
    out['all files opened: files answered'] = metric('count', [got]);
    const q2 = await quiet(c.pid, { limitMs: 60000 });
    out['all files opened: idle after'] = ms([q2.at - t0]);
    out['all files opened: RSS'] = mb([rssMb(c.pid)]);
    const t2 = await typing(c, uri, { edits: 20, budgetMs: ctx.opt.budgetMs, sitesList: list, seed: 21 });
    out['all files opened: edit to diagnostics'] = ms(t2.lat);
  }
  out['peak RSS'] = mb([peakMb(c.pid)]);
  await c.stop();
  return out;
}

// Random edits at random places, each undone some edits later; a hover every 10 and a settled wait every 200.
async function soak(ctx, n) {
  const heapFile = join(ctx.dir, 'heap.json'),
    preload = fileURLToPath(new URL('./gc-preload.cjs', import.meta.url));
  rmSync(heapFile, { force: true });
  const c = await ctx.start({
    env: { LSPBENCH_HEAP: heapFile, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require=${preload}`.trim() },
  });
  const heap = async () => {
    // reachable heap after a full collection; NaN if the server is not a Node process
    if (!existsSync(heapFile)) return { heapMb: NaN, rssMb: NaN };
    writeFileSync(heapFile, 'wait');
    process.kill(c.pid, 'SIGUSR2');
    for (let i = 0; i < 100; i++) {
      await sleep(100);
      const s = readFileSync(heapFile, 'utf8');
      if (s.startsWith('{')) return JSON.parse(s);
    }
    return { heapMb: NaN, rssMb: NaN };
  };
  const text = multi(20, { seed: 4 }),
    uri = toUri(join(ctx.dir, 'soak.yaml'));
  await c.openAndWait(uri, text);
  const lines = text.split('\n'),
    r = rng(13),
    open = [],
    refused = new Map();
  const once = async (i) => {
    if (open.length > 12 || (open.length && r.chance(0.5))) {
      const e = open.pop();
      c.edit(uri, e.line, e.ch, 1, '');
    } else {
      const line = r.int(0, lines.length - 2),
        l = c.docs.get(uri).lines[line],
        ch = r.int(0, l.length);
      open.push({ line, ch });
      c.edit(uri, line, ch, 0, r.pick('abcxyz019 :-#{}[]"\''));
    }
    if (i % 10 === 0)
      await c
        .request('textDocument/hover', { textDocument: { uri }, position: { line: r.int(0, lines.length - 2), character: 3 } })
        .catch((e) => {
          if (c.dead) throw e;
          refused.set(e.message, (refused.get(e.message) ?? 0) + 1);
        });
    if (i % 200 === 0) await quiet(c.pid, { windowMs: 300, limitMs: 20000 });
  };
  const warm = Math.min(2000, Math.floor(n / 10));
  for (let i = 1; i <= warm; i++) await once(i);
  await quiet(c.pid, {});
  const heap0 = await heap();
  const before = rssMb(c.pid),
    cpu0 = cpuMs(c.pid),
    trace = [before],
    t0 = now();
  for (let i = 1; i <= n; i++) {
    await once(i);
    if (i % Math.max(1, Math.floor(n / 20)) === 0) trace.push(rssMb(c.pid));
  }
  const wall = now() - t0;
  while (open.length) {
    const e = open.pop();
    c.edit(uri, e.line, e.ch, 1, '');
  }
  await quiet(c.pid, {});
  await sleep(2000);
  const after = rssMb(c.pid),
    heap1 = await heap(),
    half = trace.slice(trace.length >> 1);
  const out = {
    'reachable heap before': mb([heap0.heapMb]),
    'reachable heap after': mb([heap1.heapMb]),
    'reachable heap growth': metric('MB', [heap1.heapMb - heap0.heapMb]),
    'RSS after a full collection': mb([heap1.rssMb]),
    'RSS before (after warm-up)': mb([before]),
    'RSS after': mb([after]),
    'RSS growth': mb([after - before]),
    'RSS slope, second half': metric('MB/10k', [((half.at(-1) - half[0]) / (half.length - 1)) * 20 * (10000 / n)]),
    'CPU per edit': ms([(cpuMs(c.pid) - cpu0) / n]),
    'wall per edit': ms([wall / n]),
    'peak RSS': mb([peakMb(c.pid)]),
    'hovers answered by an error': {
      ...metric('count', [[...refused.values()].reduce((a, b) => a + b, 0)]),
      ...(refused.size ? { error: [...refused].map(([m, k]) => `${k} x ${m}`).join('; ') } : {}),
    },
  };
  await c.stop();
  return out;
}

async function startup(ctx) {
  const out = {
    'spawn to initialize response': [],
    'spawn to first diagnostics': [],
    'CPU to first diagnostics': [],
    'RSS after first diagnostics': [],
  };
  const text = SMALL.replace('protocol: TCP', 'protocolx: TCP');
  for (let i = 0; i < ctx.opt.starts; i++) {
    const c = await ctx.start({ track: (r) => out['spawn to initialize response'].push(r) });
    const first = await c.openAndWait(toUri(join(ctx.dir, 'startup.yaml')), text);
    if (!first.rec.count) throw new Error('no diagnostic for a file with one error');
    out['spawn to first diagnostics'].push(first.rec.t - c.spawnedAt);
    out['CPU to first diagnostics'].push(cpuMs(c.pid));
    out['RSS after first diagnostics'].push(rssMb(c.pid));
    await c.stop();
  }
  const [a, b, d, e] = Object.keys(out);
  return { [a]: ms(out[a]), [b]: ms(out[b]), [d]: ms(out[d]), [e]: mb(out[e]) };
}

export const SCENARIOS = {
  startup: ['spawn to initialize to first diagnostics of a 30-line policy with one error', startup],
  'type-small': ['single-character edits in the 30-line policy', (x) => typeScenario(x, SMALL, { edits: x.opt.edits, warm: 40 })],
  'type-large': ['the same in the middle of a file of 1,000 policies', (x) => typeScenario(x, multi(1000), { edits: x.opt.edits })],
  'type-huge': ['the same in the middle of a file of 5,000 policies', (x) => typeScenario(x, multi(5000), { edits: x.opt.edits, warm: 2 })],
  'type-dirty': [
    'the same in 1,000 policies that all have one error: 1,000 diagnostics to publish each time',
    (x) =>
      typeScenario(x, multi(1000).replaceAll('\nkind: NetworkPolicy\n', '\nkind: NetworkPolicy\nunknownField: 1\n'), {
        edits: x.opt.edits,
      }),
  ],
  'query-small': ['hover and completion in the 30-line policy', (x) => queries(x, SMALL, { n: x.opt.queries })],
  'query-large': ['the same in the file of 1,000 policies', (x) => queries(x, multi(1000), { n: x.opt.queries })],
  'query-huge': ['the same in the file of 5,000 policies', (x) => queries(x, multi(5000), { n: x.opt.queries })],
  'burst-small': ['12 keys a second without waiting, hovering meanwhile, 30 lines', (x) => burst(x, SMALL, { keys: 60 })],
  'burst-large': ['the same in the file of 1,000 policies', (x) => burst(x, multi(1000), { keys: 60 })],
  'workspace-1k': ['folder of 1,000 YAML files, then all of them opened', (x) => workspace(x, 1000, { openAll: true })],
  'workspace-10k': ['folder of 10,000 YAML files', (x) => workspace(x, 10000, { openAll: x.opt.openAll10k })],
  soak: ['random edits, memory before and after', (x) => soak(x, x.opt.soakEdits)],
};

const cleanDir = (d) => rmSync(d, { recursive: true, force: true });
