// Time and memory of a full evaluation, by size: node bench/eval.mjs [WORKLOADS…]
// As many policies as workloads: a default deny per namespace, allow rules by label, port, name and CIDR, and a few cluster-wide ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
const outfile = join(folder, 'eval.mjs');
const contents = ['evaluate', 'connections', 'reach', 'explain'].map((name) => `export * from '${root}server/eval/${name}.ts';`).join('\n');
await build({
  stdin: { contents, resolveDir: root, loader: 'ts' },
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'error',
});
const { evaluation, connections, reachOf } = await import(pathToFileURL(outfile).href);
rmSync(folder, { recursive: true });

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [100, 1000, 10_000]) measure(size);

function measure(size) {
  const cluster = clusterOf(size);
  const before = heap();
  const made = timed(() => evaluation(cluster));
  const one = timed(() => reachOf(made.value, cluster.workloads[0].value));
  const all = timed(() => {
    let count = 0;
    for (const _ of connections(made.value)) count++;
    return count;
  });
  const used = heap() - before;
  const edited = { ...cluster, policies: cluster.policies.with(3, { key: 'edited', value: { ...cluster.policies[3].value } }) };
  const edit = timed(() => evaluation(edited));
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
    policies: placed([...denies, ...allows, ...wide], 'policy'),
    workloads: placed(workloads, 'workload'),
    namespaces: placed(namespaces, 'namespace'),
    services: [],
    nodes: [],
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
  const peers = [
    { kind: 'pods', namespaces: { kind: 'own', namespace: own }, pods: selector({ part: 'front' }), path: [] },
    {
      kind: 'pods',
      namespaces: { kind: 'selected', selector: selector({ 'kubernetes.io/metadata.name': other }) },
      pods: selector({ app: `app${(i * 3) % perNamespace}` }),
      path: [],
    },
    ...(i % 10 === 0
      ? [{ kind: 'networks', networks: [{ cidr: `10.${i % 250}.0.0/16`, except: [`10.${i % 250}.${i % 100}.0/24`], path: [] }], path: [] }]
      : []),
  ];
  const ports =
    i % 3 === 0
      ? [{ kind: 'named', protocol: 'TCP', name: 'http', path: [] }]
      : [{ kind: 'range', protocol: 'TCP', from: 8000 + (i % 5), to: 8100, path: [] }];
  return policy(`allow${i}`, own, selector({ app: `app${i % perNamespace}` }), [{ action: 'Accept', peers, ports, path: [] }]);
}

function clusterWide(i) {
  const everyone = {
    kind: 'pods',
    namespaces: { kind: 'selected', selector: selector({ team: `team${i}` }) },
    pods: selector({}),
    path: [],
  };
  const rule = {
    action: ['Accept', 'Deny', 'Pass'][i % 3],
    peers: [everyone],
    ports: [{ kind: 'range', protocol: 'UDP', from: 53, to: 53, path: [] }],
    path: [],
  };
  const section = { isolates: false, rules: [rule], path: [] };
  const subject = {
    namespaces: { kind: 'selected', selector: selector(i % 2 === 0 ? {} : { env: 'prod' }) },
    pods: selector({}),
    path: [],
  };
  return {
    kind: 'ClusterNetworkPolicy',
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    name: `wide${i}`,
    tier: i < 5 ? 'Admin' : 'Baseline',
    priority: i,
    subject,
    ingress: section,
    egress: section,
    unreadable: [],
  };
}

function policy(name, own, pods, rules) {
  const subject = { namespaces: { kind: 'own', namespace: own }, pods, path: [] };
  return {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    name,
    namespace: own,
    tier: 'NetworkPolicy',
    subject,
    ingress: { isolates: true, rules, path: [] },
    unreadable: [],
  };
}

function selector(labels) {
  return { requirements: Object.entries(labels).map(([key, value]) => ({ key, operator: 'In', values: [value], path: [] })), path: [] };
}
