// Seeded clusters through the product and through the reference; prints every disagreement.
//   NODE_PATH=CHECKOUT/node_modules node compare.mjs CHECKOUT [--from N] [--count N] [--options JSON] [--show N] [--out DIR]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from './generate.mjs';
import { directionsOf, load, parseIP, PROTOCOLS, sampleAddresses, samplePorts, verdict, workloads } from './evaluate.mjs';
import { seedRun } from './seeds.mjs';

/** What `connections --format json` says, ready to be asked: (srcName | ip, dstName | ip, protocol, port) -> allowed. */
export function answers(json) {
  const table = new Map();
  for (const c of json.connections) {
    for (const p of c.protocol === 'ALL' ? PROTOCOLS : [c.protocol]) {
      const [a, b] = [c.src, c.dst].map(outside);
      const key = a ? `out>${c.dst}` : b ? `${c.src}>out` : `${c.src}>${c.dst}`;
      table.set(key, [...(table.get(key) ?? []), { range: a ?? b, protocol: p, ports: c.ports }]);
    }
  }
  return (src, dst, protocol, port) => {
    const ip = src.ip ?? dst.ip;
    const n = ip && parseIP(ip);
    return (table.get(`${src.ip ? 'out' : src.workload}>${dst.ip ? 'out' : dst.workload}`) ?? []).some(
      (e) =>
        e.protocol === protocol &&
        e.ports.some(([lo, hi]) => port >= lo && port <= hi) &&
        (!n || (e.range.family === n[0] && n[1] >= e.range.first && n[1] <= e.range.last)),
    );
  };
}

export function outside(name) {
  const m = /^(.+)-(.+)\[External\]$/.exec(name);
  if (!m) return undefined;
  const [first, last] = [m[1], m[2]].map(parseIP);
  return { family: first[0], first: first[1], last: last[1] };
}

const same = (a, b) => a.size === b.size && [...a].every((x) => b.has(x));

/** Every disagreement about one cluster. */
export function compare(cluster, json, limit = Infinity) {
  const said = answers(json);
  const pairs = [];
  const groups = [...workloads(cluster)];
  for (const [a, as] of groups) for (const [b, bs] of groups) if (a !== b) pairs.push([{ workload: a }, { workload: b }, as, bs]);
  const addresses = sampleAddresses(cluster);
  // IPv6 outside is listed where a policy speaks of IPv6 only.
  const spoken = cluster.policies.flatMap((p) =>
    p.kind === 'NetworkPolicy' ? directionsOf(p).map((d) => p.spec?.[d.toLowerCase()]) : [p.spec.egress],
  );
  const v6 = json.connections.some((c) => /:.*External/.test(c.src + c.dst)) || /::/.test(JSON.stringify(spoken));
  for (const ip of addresses)
    if (v6 || parseIP(ip)[0] === 4)
      for (const [a, as] of groups) pairs.push([{ workload: a }, { ip }, as, [{ ip }]], [{ ip }, { workload: a }, [{ ip }], as]);
  const ports = samplePorts(cluster);
  const out = [];
  let asked = 0;
  let unclear = 0;
  let ties = 0;
  const undefinedSaid = json.undefined.map((u) => ({ ...u, out: { src: outside(u.src), dst: outside(u.dst) }, confirmed: false }));
  const covers = (u, src, dst) =>
    ['src', 'dst'].every((k) => {
      const end = k === 'src' ? src : dst;
      if (!end.ip) return u[k] === end.workload;
      const n = parseIP(end.ip);
      const r = u.out[k];
      return r && r.family === n[0] && n[1] >= r.first && n[1] <= r.last;
    });
  for (const [src, dst, as, bs] of pairs) {
    let undefinedHere = false;
    const said1 = undefinedSaid.filter((u) => covers(u, src, dst));
    for (const protocol of PROTOCOLS)
      for (const port of ports) {
        asked++;
        const got = said(src, dst, protocol, port);
        const sets = as.flatMap((a) => bs.map((b) => verdict(cluster, a, b, protocol, port)));
        const expected = sets[0];
        if (sets.some((s) => !same(s, expected))) {
          unclear++;
          continue;
        }
        if (expected.size > 1) {
          undefinedHere = true;
          ties++;
          if (got) out.push({ what: 'undefined traffic listed as allowed', src, dst, protocol, port });
        } else if (got !== expected.has(true))
          out.push({ what: got ? 'allowed, should be denied' : 'denied, should be allowed', src, dst, protocol, port });
        for (const u of said1) if (u.protocol === protocol && u.port === port && expected.size > 1) u.confirmed = true;
      }
    if (undefinedHere !== said1.length > 0) {
      const real = said1.every((u) => as.some((a) => bs.some((b) => verdict(cluster, a, b, u.protocol, u.port).size > 1)));
      if (undefinedHere || !real)
        out.push({
          what: undefinedHere ? 'undefined, not said' : 'said to be undefined, is not',
          src,
          dst,
          protocol: said1[0]?.protocol ?? '',
          port: said1[0]?.port ?? 0,
        });
    }
    for (const u of said1)
      if (!as.some((a) => bs.some((b) => verdict(cluster, a, b, u.protocol, u.port).size > 1)))
        out.push({ what: 'witness of undefined is not undefined', src, dst, protocol: u.protocol, port: u.port });
    if (out.length > limit) break;
  }
  const names = new Set(groups.map(([n]) => n));
  for (const c of json.connections)
    for (const n of [c.src, c.dst]) if (!outside(n) && !names.has(n)) out.push({ what: `unknown workload ${n}`, src: {}, dst: {} });
  return { disagreements: out, asked, unclear, ties };
}

async function main() {
  const { run, option, from, count, options, dir, file } = await seedRun('cluster', 100);
  const show = Number(option('show', 5));
  const kinds = new Map();
  const total = { clusters: 0, asked: 0, unclear: 0, undefined: 0, clustersWithUndefined: 0, bad: 0, policies: 0, problems: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const { text, docs, flags } = generate(seed, options);
    writeFileSync(file, text);
    const cluster = load(docs, (o) => String(o.metadata?.name).startsWith('rejected-'));
    const r = await run(['connections', '--format', 'json', file]);
    const json = JSON.parse(r.out);
    total.clusters++;
    total.policies += cluster.policies.length;
    total.problems += json.problems.length;
    const { disagreements, asked, unclear, ties } = compare(cluster, json);
    total.asked += asked;
    total.unclear += unclear;
    total.undefined += ties;
    if (ties) total.clustersWithUndefined++;
    for (const p of json.problems) {
      const k = `problem: ${p.message.replace(/'[^']*'/g, "'…'").replace(/\d+/g, 'N')}`;
      if (!options.rejected) kinds.set(k, [...(kinds.get(k) ?? []), seed]);
    }
    if (disagreements.length) {
      total.bad++;
      for (const d of new Set(disagreements.map((d) => d.what + (flags.banpWithBaseline ? ' (BANP and CNP Baseline)' : ''))))
        kinds.set(d, [...(kinds.get(d) ?? []), seed]);
      if (total.bad <= show) {
        console.log(`--- seed ${seed}`, JSON.stringify(flags));
        for (const d of disagreements.slice(0, 4))
          console.log(d.what, d.src.workload ?? d.src.ip, '->', d.dst.workload ?? d.dst.ip, d.protocol, d.port);
      }
    }
  }
  console.log(JSON.stringify(total));
  for (const [k, seeds] of kinds) console.log(`${k}: ${seeds.length} (${seeds.slice(0, 8).join(' ')})`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
