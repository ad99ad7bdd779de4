// Seeded random small clusters, aimed at corners that the public suites leave out. generate(seed, options) -> {docs, text, tags}.
import { createRequire } from 'node:module';

const YAML = createRequire(import.meta.url)('yaml');

export function random(seed) {
  let s = (seed * 2654435761 + 12345) >>> 0;
  const next = () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = s;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (n) => Math.floor(next() * n);
  const pick = (a) => a[int(a.length)];
  const chance = (p) => next() < p;
  const some = (a, min, max) => {
    const n = Math.min(a.length, min + int(max - min + 1));
    const b = [...a];
    const out = [];
    while (out.length < n) out.push(b.splice(int(b.length), 1)[0]);
    return out;
  };
  const list = (min, max, f) => Array.from({ length: min + int(max - min + 1) }, (_, i) => f(i));
  return { next, int, pick, chance, some, list };
}

const NAMESPACES = ['default', 'shop', 'data', 'kube-system'];
const POD_LABELS = { app: ['web', 'db', 'api'], tier: ['front', 'back'], env: ['dev', 'prod'] };
const NS_LABELS = { team: ['red', 'blue'], env: ['dev', 'prod'] };
const PORT_NAMES = ['http', 'dns', 'metrics'];
const NUMBERS = [1, 53, 80, 443, 8080, 9090, 65535];
const V4 = [
  '10.0.0.0/8',
  '10.0.1.0/24',
  '10.0.1.4/31',
  '10.0.1.5/32',
  '10.0.2.0/24',
  '0.0.0.0/0',
  '192.168.0.0/16',
  '203.0.113.0/24',
  '203.0.113.128/25',
  '128.0.0.0/1',
  '255.255.255.255/32',
  '0.0.0.0/32',
];
const V6 = [
  '::/0',
  'fd00::/8',
  'fd00:1::/64',
  'fd00:1::5/128',
  'fd00:1::4/126',
  '2001:db8::/32',
  '2001:db8:1::/48',
  '8000::/1',
  '::1/128',
  'ffff::/16',
];
const inside = {
  '10.0.0.0/8': ['10.0.1.0/24', '10.0.1.5/32', '10.0.2.0/24', '10.128.0.0/9'],
  '10.0.1.0/24': ['10.0.1.5/32', '10.0.1.4/31', '10.0.1.0/25'],
  '10.0.2.0/24': ['10.0.2.5/32'],
  '0.0.0.0/0': ['10.0.0.0/8', '10.0.1.0/24', '128.0.0.0/1', '203.0.113.0/24', '0.0.0.0/1', '0.0.0.0/32', '255.255.255.255/32'],
  '192.168.0.0/16': ['192.168.1.0/24'],
  '203.0.113.0/24': ['203.0.113.128/25', '203.0.113.0/25'],
  '128.0.0.0/1': ['192.168.0.0/16', '255.255.255.255/32'],
  '::/0': ['fd00::/8', 'fd00:1::/64', '2001:db8::/32', '8000::/1', '::1/128', '::/1'],
  'fd00::/8': ['fd00:1::/64', 'fd00:1::5/128'],
  'fd00:1::/64': ['fd00:1::5/128', 'fd00:1::4/126'],
  '2001:db8::/32': ['2001:db8:1::/48'],
  '8000::/1': ['fd00::/8', 'ffff::/16'],
};
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/**
 * options: dual (pods with addresses of both families), spread (pods of one owner with different addresses), rejected, hostNetwork,
 * ties, wide (selectors that overlap more often, fewer NetworkPolicies: for ties and chains), nodes, domainNames, mixed (ANP and BANP beside CNP): each true | false, a default by chance otherwise.
 */
export function generate(seed, options = {}) {
  const r = random(seed);
  const on = (name, p) => options[name] ?? r.chance(p);
  const f = {
    dual: on('dual', 0),
    spread: on('spread', 0),
    rejected: on('rejected', 0),
    hostNetwork: on('hostNetwork', 0.25),
    ties: on('ties', 0.35),
    nodes: on('nodes', 0.15),
    domainNames: on('domainNames', 0.1),
    mixed: on('mixed', 0.3),
    ip: on('ip', 0.6),
    list: on('list', 0.2),
    nulls: on('nulls', 0.1),
    wide: on('wide', 0),
  };
  const docs = [];
  const names = r.some(NAMESPACES, 1, 3);
  for (const name of names)
    if (r.chance(0.7))
      docs.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(r.chance(0.8) ? { labels: labels(NS_LABELS) } : {}) } });
  const family = r.pick([4, 4, 6]);
  const used = new Set();
  function address(fam = family) {
    for (;;) {
      const ip =
        fam === 4 ? `10.0.${r.pick([1, 2])}.${3 + r.int(5)}` : r.chance(0.8) ? `fd00:1::${3 + r.int(5)}` : `fd00:2::${3 + r.int(5)}`;
      if (!used.has(ip) || used.size > 15) {
        used.add(ip);
        return ip;
      }
    }
  }
  function labels(vocabulary) {
    const out = {};
    for (const [k, v] of Object.entries(vocabulary)) if (r.chance(0.65)) out[k] = r.pick(v);
    return out;
  }
  function container(i) {
    const ports = [];
    const names = new Set();
    for (let n = r.int(3); n > 0; n--) {
      const p = { containerPort: r.pick(NUMBERS) };
      if (r.chance(0.75)) {
        const name = r.pick(PORT_NAMES);
        if (!names.has(name)) {
          names.add(name);
          p.name = name;
        }
      }
      if (r.chance(0.5)) p.protocol = r.pick(PROTOCOLS);
      ports.push(p);
    }
    return { name: `c${i}`, image: 'x', ...(ports.length || r.chance(0.3) ? { ports } : {}) };
  }
  function podSpec() {
    const spec = { containers: r.list(1, 2, container) };
    if (r.chance(0.2))
      spec.initContainers = r.list(1, 2, (i) => ({
        ...container(`i${i}`),
        ...(options.plainInit ? (r.chance(0.5) ? { restartPolicy: 'Always' } : {}) : { restartPolicy: 'Always' }),
      }));
    if (f.hostNetwork && r.chance(0.3)) spec.hostNetwork = true;
    return spec;
  }
  function status(spec) {
    if (!f.ip || r.chance(0.2)) return {};
    if (spec.hostNetwork) {
      const ip = r.pick(['192.168.1.10', '192.168.1.11']);
      return { status: { podIP: ip, podIPs: [{ ip }] } };
    }
    const ip = address();
    if (f.dual && r.chance(0.6))
      return {
        status: { podIP: ip, podIPs: r.chance(0.5) ? [{ ip }, { ip: address(10 - family) }] : [{ ip: address(10 - family) }, { ip }] },
      };
    return { status: r.pick([{ podIP: ip }, { podIP: ip, podIPs: [{ ip }] }, { podIPs: [{ ip }] }]) };
  }
  const count = 2 + r.int(4);
  for (let i = 0; i < count; i++) {
    const ns = r.pick(names);
    const kind = r.pick(['Pod', 'Pod', 'Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Owned']);
    const meta = { name: `w${i}`, ...(ns === 'default' && r.chance(0.5) ? {} : { namespace: ns }) };
    const spec = podSpec();
    const l = labels(POD_LABELS);
    const podMeta = r.chance(0.1) && Object.keys(l).length === 0 ? {} : { labels: l };
    if (kind === 'Pod') docs.push({ apiVersion: 'v1', kind, metadata: { ...meta, ...podMeta }, spec, ...status(spec) });
    else if (kind === 'Owned') {
      const owner = r.pick([
        ['apps/v1', 'ReplicaSet'],
        ['apps/v1', 'StatefulSet'],
        ['batch/v1', 'Job'],
        ['example.com/v1', 'Widget'],
        ['v1', 'Node'],
      ]);
      const first = status(spec);
      const template = { metadata: podMeta, spec };
      if (owner[1] === 'StatefulSet' && r.chance(0.5) && f.spread)
        docs.push({
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: meta,
          spec: { selector: { matchLabels: l }, serviceName: 's', template },
        });
      for (let n = 0; n < 1 + r.int(2); n++) {
        const st = f.spread ? status(spec) : first;
        docs.push({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            ...meta,
            name: `w${i}-${n}`,
            ...podMeta,
            ownerReferences: [
              ...(r.chance(0.3) ? [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'cm', uid: 'u0' }] : []),
              { apiVersion: owner[0], kind: owner[1], name: `w${i}`, uid: 'u1', controller: true },
            ],
          },
          spec,
          ...(Object.keys(st).length ? structuredClone(st) : {}),
        });
      }
    } else {
      const template = { metadata: podMeta, spec };
      const apiVersion = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
      const body =
        kind === 'Job'
          ? { template }
          : kind === 'CronJob'
            ? { schedule: '* * * * *', jobTemplate: { spec: { template } } }
            : { selector: { matchLabels: l }, template, ...(kind === 'DaemonSet' ? {} : { replicas: r.pick([0, 1, 3]) }) };
      docs.push({ apiVersion, kind, metadata: { ...meta, labels: labels(POD_LABELS) }, spec: body });
    }
  }
  if (f.nodes)
    for (const n of [1, 2])
      docs.push({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `n${n}`, labels: { zone: `z${n}` } },
        status: {
          addresses: [
            { type: 'InternalIP', address: `192.168.1.${9 + n}` },
            { type: 'Hostname', address: `n${n}` },
          ],
        },
      });

  // -------- selectors
  function requirement(vocabulary) {
    const key = r.pick([...Object.keys(vocabulary), 'nokey']);
    const operator = r.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    return { key, operator, ...(operator.endsWith('In') ? { values: r.some([...(vocabulary[key] ?? []), 'other'], 1, 2) } : {}) };
  }
  function selector(vocabulary, nullable) {
    const out = {};
    const roll = f.wide && r.chance(0.6) ? 0 : r.next();
    if (roll < 0.2) return r.chance(0.2) ? r.pick([{ matchLabels: {} }, { matchExpressions: [] }]) : {};
    if (roll < 0.65) {
      const key = r.pick(Object.keys(vocabulary));
      out.matchLabels = {
        [key]: f.nulls && nullable && r.chance(0.2) ? null : r.pick([...vocabulary[key], ...(r.chance(0.1) ? ['none'] : [])]),
      };
    }
    if (roll > 0.55) out.matchExpressions = r.list(1, 2, () => requirement(vocabulary));
    return out;
  }
  const podSelector = () => selector(POD_LABELS, true);
  function nsSelector() {
    if (r.chance(f.wide ? 0.1 : 0.25)) return { matchLabels: { 'kubernetes.io/metadata.name': r.pick(NAMESPACES) } };
    if (r.chance(0.1))
      return {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: r.pick(['In', 'NotIn']), values: r.some(NAMESPACES, 1, 2) }],
      };
    return selector(NS_LABELS, true);
  }
  const cidr = () => r.pick(r.chance(0.5) ? V4 : V6);
  function range() {
    const start = r.pick([1, 50, 80, 8000, 65534]);
    return { start, end: Math.min(65535, start + r.pick([1, 30, 1000, 65535])) };
  }
  const fix = (x) => (x.end <= x.start ? { start: x.start - 1, end: x.end } : x);

  // -------- NetworkPolicy
  function npPeer() {
    const roll = r.next();
    if (roll < 0.3) {
      const c = cidr();
      const ex = inside[c];
      return { ipBlock: { cidr: c, ...(ex && r.chance(0.6) ? { except: r.some(ex, 1, 2) } : {}) } };
    }
    if (roll < 0.5) return { podSelector: podSelector(), ...(f.nulls && r.chance(0.2) ? { namespaceSelector: null } : {}) };
    if (roll < 0.7) return { namespaceSelector: nsSelector(), ...(f.nulls && r.chance(0.2) ? { podSelector: null } : {}) };
    return { namespaceSelector: nsSelector(), podSelector: podSelector() };
  }
  function npPort() {
    const p = {};
    if (r.chance(0.65)) p.protocol = r.pick(PROTOCOLS);
    const roll = r.next();
    if (roll < 0.15) return Object.keys(p).length ? p : { protocol: 'SCTP' };
    if (roll < 0.4) p.port = r.pick(PORT_NAMES);
    else if (roll < 0.75) p.port = r.pick(NUMBERS);
    else {
      const x = range();
      p.port = x.start;
      p.endPort = r.chance(0.1) ? x.start : x.end;
    }
    return p;
  }
  function npRule(direction) {
    if (r.chance(0.07)) return r.chance(0.3) && f.nulls ? null : {};
    const rule = {};
    const key = direction === 'ingress' ? 'from' : 'to';
    if (r.chance(0.85)) rule[key] = r.chance(0.05) ? [] : r.list(1, 2, npPeer);
    if (r.chance(0.6)) rule.ports = r.chance(0.05) ? [] : r.list(1, 2, npPort);
    return rule;
  }
  function networkPolicy(i) {
    const ns = r.chance(0.9) ? r.pick(names) : 'elsewhere';
    const spec = { podSelector: r.chance(0.35) ? {} : podSelector() };
    if (f.nulls && r.chance(0.2)) delete spec.podSelector;
    if (r.chance(0.75)) spec.ingress = r.list(0, 2, () => npRule('ingress'));
    if (r.chance(0.6)) spec.egress = r.list(0, 2, () => npRule('egress'));
    const types = r.pick([undefined, undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Ingress', 'Egress'], []]);
    if (types) spec.policyTypes = types;
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np${i}`, ...(ns === 'default' && r.chance(0.5) ? {} : { namespace: ns }) },
      spec,
    };
  }

  // -------- ClusterNetworkPolicy and the older kinds
  const subject = (old) => (r.chance(0.5) ? { namespaces: nsSelector() } : { pods: namespaced(old) });
  const namespaced = (old) => ({ ...(old || r.chance(0.7) ? { namespaceSelector: nsSelector() } : {}), podSelector: podSelector() });
  function peer(direction, old, kind) {
    const roll = r.next();
    if (direction === 'egress') {
      if (roll < 0.3) return { networks: r.some(r.chance(0.5) ? V4 : r.chance(0.5) ? V6 : [...V4, ...V6], 1, 3) };
      if (roll < 0.4 && f.nodes) return { nodes: r.chance(0.4) ? {} : { matchLabels: { zone: r.pick(['z1', 'z2', 'z3']) } } };
      if (roll < 0.45 && f.domainNames && kind !== 'BaselineAdminNetworkPolicy') return { domainNames: ['example.com'] };
    }
    return r.chance(0.45) ? { namespaces: nsSelector() } : { pods: namespaced(old) };
  }
  function protocol() {
    const name = r.pick(['tcp', 'udp', 'sctp']);
    return { [name]: { destinationPort: r.chance(0.6) ? { number: r.pick(NUMBERS) } : { range: fix(range()) } } };
  }
  function oldPort() {
    if (r.chance(0.6)) return { portNumber: { port: r.pick(NUMBERS), protocol: r.pick(PROTOCOLS) } };
    const x = fix(range());
    return { portRange: { ...x, ...(r.chance(0.7) ? { protocol: r.pick(PROTOCOLS) } : {}) } };
  }
  function rules(direction, kind) {
    const old = kind !== 'ClusterNetworkPolicy';
    return r.list(0, 3, () => {
      const action = r.pick(
        old ? (kind === 'AdminNetworkPolicy' ? ['Allow', 'Deny', 'Pass'] : ['Allow', 'Deny']) : ['Accept', 'Deny', 'Pass'],
      );
      const peers = r.list(1, 2, () => peer(direction, old, kind));
      const noNames = peers.some((p) => p.networks || p.nodes || p.domainNames);
      const item = () =>
        !noNames && r.chance(0.3) ? { [old ? 'namedPort' : 'destinationNamedPort']: r.pick(PORT_NAMES) } : old ? oldPort() : protocol();
      return {
        action: peers.some((p) => p.domainNames) ? (old ? 'Allow' : 'Accept') : action,
        [direction === 'ingress' ? 'from' : 'to']: peers,
        ...(r.chance(0.5) ? { [old ? 'ports' : 'protocols']: r.list(1, 2, item) } : {}),
      };
    });
  }
  const taken = new Set();
  function priority() {
    if (f.ties) return r.pick(f.wide ? [5, 5, 6] : [0, 5, 5, 10, 1000]);
    let p;
    do p = r.pick([0, 1, 2, 5, 10, 50, 100, 1000]);
    while (taken.has(p) && taken.size < 8);
    taken.add(p);
    return p;
  }
  function clusterPolicy(i, kind) {
    const old = kind !== 'ClusterNetworkPolicy';
    const spec = {
      ...(old ? {} : { tier: r.pick(['Admin', 'Admin', 'Baseline']) }),
      ...(kind === 'BaselineAdminNetworkPolicy' ? {} : { priority: priority() }),
      subject: subject(old),
    };
    const ingress = rules('ingress', kind);
    const egress = rules('egress', kind);
    if (ingress.length) spec.ingress = ingress;
    if (egress.length) spec.egress = egress;
    return {
      apiVersion: old ? 'policy.networking.k8s.io/v1alpha1' : 'policy.networking.k8s.io/v1alpha2',
      kind,
      metadata: { name: kind === 'BaselineAdminNetworkPolicy' ? 'default' : `${old ? 'anp' : 'cnp'}${i}` },
      spec,
    };
  }

  let banp = false;
  let baselineCnp = false;
  const policies = r.list(1, 6, (i) => {
    if (r.chance(f.wide ? 0.2 : 0.45)) return networkPolicy(i);
    if (f.mixed && r.chance(0.4)) {
      if (!banp && r.chance(0.3)) {
        banp = true;
        return clusterPolicy(i, 'BaselineAdminNetworkPolicy');
      }
      return clusterPolicy(i, 'AdminNetworkPolicy');
    }
    return clusterPolicy(i, 'ClusterNetworkPolicy');
  });
  baselineCnp = policies.some((p) => p.spec.tier === 'Baseline');
  if (f.rejected) policies.push(...r.list(1, 2, rejected));
  function rejected(i) {
    const p = structuredClone(r.chance(0.5) ? networkPolicy(90 + i) : clusterPolicy(90 + i, 'ClusterNetworkPolicy'));
    p.metadata.name = `rejected-${i}`;
    if (p.kind === 'NetworkPolicy') {
      const spoil = r.pick([
        (s) => {
          s.ingress = [{ from: [{}] }];
        },
        (s) => {
          s.ingress = [{ ports: [{ port: '80' }] }];
        },
        (s) => {
          s.policyTypes = ['Both'];
        },
        (s) => {
          s.egress = [{ to: [{ ipBlock: { cidr: '10.0.0.0/24', except: ['10.1.0.0/25'] } }] }];
        },
        (s) => {
          s.egress = [{ to: [{ ipBlock: { cidr: '10.0.0.300/24' } }] }];
        },
        (s) => {
          s.ingress = [{ ports: [{ port: 90, endPort: 80 }] }];
        },
        (s) => {
          s.ingress = [{ ports: [{ protocol: 'ICMP' }] }];
        },
        (s) => {
          s.podSelector = { matchExpressions: [{ key: 'app', operator: 'In' }] };
        },
        (s) => {
          s.podSelector = { matchExpressions: [{ key: 'app', operator: 'Is', values: ['a'] }] };
        },
        (s) => {
          s.podSelector = { matchLabels: { app: 'not a label!' } };
        },
        (s) => {
          s.ingress = [{ form: [{ podSelector: {} }] }];
        },
        (s) => {
          s.ingress = [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' }, podSelector: {} }] }];
        },
        (s) => {
          s.ingress = { from: [] };
        },
        (s) => {
          s.ingres = [];
        },
      ]);
      spoil(p.spec);
    } else {
      r.pick([
        (s) => {
          s.priority = 1001;
        },
        (s) => {
          delete s.priority;
        },
        (s) => {
          delete s.subject;
        },
        (s) => {
          s.tier = 'Middle';
        },
        (s) => {
          delete s.tier;
        },
        (s) => {
          s.ingress = [{ action: 'Allow', from: [{ namespaces: {} }] }];
        },
        (s) => {
          s.ingress = [{ action: 'Deny', from: [] }];
        },
        (s) => {
          s.ingress = [{ action: 'Deny' }];
        },
        (s) => {
          s.ingress = [{ action: 'Deny', from: [{ networks: ['10.0.0.0/8'] }] }];
        },
        (s) => {
          s.egress = [{ action: 'Deny', to: [{ namespaces: {} }], protocols: [{ tcp: {} }] }];
        },
        (s) => {
          s.egress = [
            { action: 'Deny', to: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { range: { start: 5, end: 5 } } } }] },
          ];
        },
        (s) => {
          s.egress = [{ action: 'Deny', to: [{ networks: ['10.0.0.0'] }] }];
        },
        (s) => {
          s.egress = [{ action: 'Deny', to: [{ namespaces: {}, pods: { podSelector: {} } }] }];
        },
        (s) => {
          s.subject = { namespaces: {}, pods: { podSelector: {} } };
        },
        (s) => {
          s.egress = [{ action: 'Deny', to: [{ networks: ['10.0.0.0/8'] }], protocols: [{ destinationNamedPort: 'http' }] }];
        },
      ])(p.spec);
    }
    return p;
  }
  docs.push(...policies);
  // the order of the documents means nothing
  for (let i = docs.length - 1; i > 0; i--) {
    const j = r.int(i + 1);
    [docs[i], docs[j]] = [docs[j], docs[i]];
  }
  let stream = docs;
  if (f.list) {
    const n = 1 + r.int(docs.length);
    stream = [{ apiVersion: 'v1', kind: 'List', items: docs.slice(0, n) }, ...docs.slice(n)];
  }
  const text = stream.map((d) => YAML.stringify(d, { aliasDuplicateObjects: false, nullStr: 'null' })).join('---\n');
  return { docs: YAML.parseAllDocuments(text).map((d) => d.toJS()), text, flags: { ...f, banpWithBaseline: banp && baselineCnp } };
}

if (process.argv[1]?.endsWith('generate.mjs'))
  process.stdout.write(generate(Number(process.argv[2] ?? 1), JSON.parse(process.argv[3] ?? '{}')).text);
