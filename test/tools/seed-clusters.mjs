// Writes test/corpus/seeded-clusters.jsonl.gz: node test/tools/seed-clusters.mjs ORACLE COUNT, with NODE_PATH set to the node_modules of a
// checkout. ORACLE is the folder of the independent evaluator (generate.mjs, evaluate.mjs), which is not part of this repository. One line
// a cluster: its manifests, the endpoints and ports that are asked about, and for each pair of endpoints a letter for each protocol and
// port: + allowed, - denied, ? undefined upstream, . not asked (the pods of one workload differ).
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [oracle, count] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(resolve(join(oracle, name))).href);
const { generate } = await load('generate.mjs');
const { load: clusterOf, parseIP, PROTOCOLS, sampleAddresses, samplePorts, verdict, workloads } = await load('evaluate.mjs');

const lines = [];
for (let seed = 1; seed <= Number(count); seed++) {
  const { text, docs } = generate(seed, {});
  const cluster = clusterOf(docs, ({ metadata }) => String(metadata?.name).startsWith('rejected-'));
  const speaksOfV6 = /::/.test(JSON.stringify(cluster.policies));
  const pods = [...workloads(cluster)].map(([name, ends]) => ({ name, ends }));
  const addresses = sampleAddresses(cluster)
    .filter((ip) => speaksOfV6 || parseIP(ip)[0] === 4)
    .map((ip) => ({ name: ip, ends: [{ ip }] }));
  const endpoints = [...pods, ...addresses];
  const ports = samplePorts(cluster);
  const answers = {};
  for (const [i, from] of endpoints.entries()) {
    for (const [j, to] of endpoints.entries()) {
      if (i === j || Math.min(i, j) >= pods.length) continue;
      answers[`${i}>${j}`] = PROTOCOLS.flatMap((protocol) => ports.map((port) => letter(cluster, from, to, protocol, port))).join('');
    }
  }
  lines.push(
    JSON.stringify({ id: `seed-${seed}`, yaml: text, endpoints: endpoints.map(({ name }) => name), protocols: PROTOCOLS, ports, answers }),
  );
}
writeFileSync(new URL('../corpus/seeded-clusters.jsonl.gz', import.meta.url), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));

function letter(cluster, from, to, protocol, port) {
  const sets = from.ends.flatMap((a) =>
    to.ends.map((b) => [...verdict(cluster, a, b, protocol, port)].map(String).toSorted(byText).join()),
  );
  if (sets.some((set) => set !== sets[0])) return '.';
  return sets[0] === 'true' ? '+' : sets[0] === 'false' ? '-' : '?';
}

function byText(a, b) {
  return a < b ? -1 : 1;
}
