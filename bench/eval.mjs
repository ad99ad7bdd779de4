// Time and memory of a full evaluation, by size: node bench/eval.mjs [WORKLOADS…]
// As many policies as workloads: a default deny per namespace, allow rules by label, port, name and CIDR, and a few cluster-wide ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
const outfile = join(folder, 'eval.cjs');
const modules = ['eval/evaluate', 'eval/connections', 'eval/reach', 'eval/explain', 'model/kinds', 'syntax/source-file'];
const contents = modules.map((name) => `export * from '${root}server/${name}.ts';`).join('\n');
await build({
  stdin: { contents, resolveDir: root, loader: 'ts' },
  outfile,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  logLevel: 'error',
});
const { evaluationOf, connections, reachOf, policyKind, sourceFile, manifestsOf } = createRequire(import.meta.url)(outfile);
rmSync(folder, { recursive: true });

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [100, 1000, 10_000]) measure(size);

function measure(size) {
  const cluster = clusterOf(size);
  const before = heap();
  const made = timed(() => evaluationOf(cluster));
  const one = timed(() => reachOf(made.value, cluster.workloads[0].value));
  const all = timed(() => {
    let count = 0;
    for (const _ of connections(made.value)) count++;
    return count;
  });
  const used = heap() - before;
  const edited = { ...cluster, policies: cluster.policies.with(3, { key: 'edited', value: { ...cluster.policies[3].value } }) };
  const edit = timed(() => evaluationOf(edited));
  const row = timed(() => reachOf(edit.value, cluster.workloads[0].value));
  console.log(
    [
      `${size} workloads, ${cluster.policies.length} policies`,
      `${made.value.space.classes.length} classes, ${made.value.space.atoms.length} address ranges`,
      `classes and subjects ${made.ms} ms`,
      `first code lens ${one.ms} ms`,
      `all ${all.value} connections ${all.ms} ms`,
      `${Math.round(used / 1e6)} MB`,
      `after one edit ${edit.ms} ms, code lens ${row.ms} ms`,
    ].join('; '),
  );
}

/** Processor time, so that other work on the machine disturbs less. */
function timed(work) {
  const start = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(start);
  return { value, ms: Math.round((user + system) / 1000) };
}

function heap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function clusterOf(size) {
  const perNamespace = 20;
  const namespaces = Array.from({ length: Math.ceil(size / perNamespace) }, (_, i) => namespace(i));
  const workloads = Array.from({ length: size }, (_, i) => workload(i, perNamespace));
  const denies = namespaces.map(({ name }) => policy(`${name}-deny`, name, selector({}), []));
  const allows = Array.from({ length: size - denies.length - 10 }, (_, i) => allow(i, perNamespace, size));
  const wide = Array.from({ length: 10 }, (_, i) => clusterWide(i));
  const placed = (values, kind) => values.map((value, i) => ({ key: `${kind}${i}`, value }));
  return {
    plane: 'kubernetes',
    policies: placed([...denies, ...allows, ...wide], 'policy'),
    workloads: placed(workloads, 'workload'),
    namespaces: placed(namespaces, 'namespace'),
    services: [],
    nodes: [],
    slices: [],
    accounts: [],
    sets: [],
    tiers: [],
    unevaluated: [],
    unenforced: [],
    callers: [],
    problems: [],
  };
}

function namespace(i) {
  const name = `ns${i}`;
  return {
    name,
    labels: { 'kubernetes.io/metadata.name': name, team: `team${i % 25}`, env: i % 3 === 0 ? 'prod' : 'dev' },
    labelsPath: [],
    unreadable: [],
  };
}

function workload(i, perNamespace) {
  const ports = [
    { name: 'http', port: 8080, protocol: 'TCP', path: [] },
    { name: 'metrics', port: 9090 + (i % 2), protocol: 'TCP', path: [] },
  ];
  const labels = { app: `app${i % perNamespace}`, part: ['front', 'back', 'data', 'job'][i % 4], version: `v${i}` };
  return {
    kind: 'Deployment',
    name: `app${i}`,
    namespace: `ns${Math.floor(i / perNamespace)}`,
    labels,
    labelsPath: [],
    ports,
    hostNetwork: i % 500 === 0,
    ips: [],
    unreadable: [],
  };
}

function allow(i, perNamespace, size) {
  const own = `ns${Math.floor(i / perNamespace) % Math.ceil(size / perNamespace)}`;
  const other = `ns${(i * 7) % Math.ceil(size / perNamespace)}`;
  const from = [
    { podSelector: selector({ part: 'front' }) },
    {
      namespaceSelector: selector({ 'kubernetes.io/metadata.name': other }),
      podSelector: selector({ app: `app${(i * 3) % perNamespace}` }),
    },
    ...(i % 10 === 0 ? [{ ipBlock: { cidr: `10.${i % 250}.0.0/16`, except: [`10.${i % 250}.${i % 100}.0/24`] } }] : []),
  ];
  const ports = i % 3 === 0 ? [{ port: 'http' }] : [{ port: 8000 + (i % 5), endPort: 8100 }];
  return policy(`allow${i}`, own, selector({ app: `app${i % perNamespace}` }), [{ from, ports }]);
}

function clusterWide(i) {
  const everyone = { namespaces: selector({ team: `team${i}` }) };
  const rule = { action: ['Accept', 'Deny', 'Pass'][i % 3], protocols: [{ udp: { destinationPort: { number: 53 } } }] };
  return read({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: `wide${i}` },
    spec: {
      tier: i < 5 ? 'Admin' : 'Baseline',
      priority: i,
      subject: { namespaces: selector(i % 2 === 0 ? {} : { env: 'prod' }) },
      ingress: [{ ...rule, from: [everyone] }],
      egress: [{ ...rule, to: [everyone] }],
    },
  });
}

function policy(name, own, podSelector, ingress) {
  return read({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: own },
    spec: { podSelector, policyTypes: ['Ingress'], ingress },
  });
}

/** Through the readers, so that the shape of a policy is theirs to know. */
function read(object) {
  const [{ manifest }] = manifestsOf(sourceFile(JSON.stringify(object)));
  return policyKind(object.kind).read(manifest.root);
}

function selector(labels) {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}
