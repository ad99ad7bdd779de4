// A brute-force reference for "who may talk to whom": one connection at a time, no sets, no indexes, no caches.
// Written from the upstream documentation and type comments alone, without a look at the product's own evaluator.
//
//   const cluster = load(documents)                 parsed YAML documents in, in any order
//   verdict(cluster, src, dst, 'TCP', 80)           -> {allow: [true], why: …}; two values = undefined upstream
//
// An end of a connection is a pod group of the cluster (see load) or {ip: '192.0.2.1'} for an address outside.
import { createRequire } from 'node:module';

// Found beside this file or, where it is not installed here, by NODE_PATH.
const { parseAllDocuments } = createRequire(import.meta.url)('yaml');

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

// ---------------------------------------------------------------- addresses

/** An IP address as [family, BigInt], or undefined where the text is none. */
export function parseIP(text) {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const parts = text.split('.').map(Number);
    return parts.some((p) => p > 255) ? undefined : [4, parts.reduce((n, p) => n * 256n + BigInt(p), 0n)];
  }
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(':')) return undefined;
  const [head, tail] = text.split('::');
  const h = head ? head.split(':') : [];
  const t = tail === undefined ? [] : tail ? tail.split(':') : [];
  const words = tail === undefined ? h : [...h, ...Array(8 - h.length - t.length).fill('0'), ...t];
  return words.length === 8 ? [6, words.reduce((n, w) => n * 65536n + BigInt(parseInt(w, 16)), 0n)] : undefined;
}

export function formatIP([family, n]) {
  if (family === 4) return [24n, 16n, 8n, 0n].map((s) => (n >> s) & 255n).join('.');
  return Array.from({ length: 8 }, (_, i) => ((n >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');
}

/** First and last address of a CIDR. */
export function cidrRange(cidr) {
  const [text, prefix] = cidr.split('/');
  const [family, n] = parseIP(text);
  const size = 1n << BigInt((family === 4 ? 32 : 128) - Number(prefix));
  const first = n - (n % size);
  return { family, first, last: first + size - 1n };
}

export function inCidr(ip, cidr) {
  const [family, n] = parseIP(ip);
  const r = cidrRange(cidr);
  return family === r.family && n >= r.first && n <= r.last;
}

// ---------------------------------------------------------------- reading manifests

export function parse(text) {
  return parseAllDocuments(text)
    .map((d) => d.toJS())
    .filter((d) => d && typeof d === 'object');
}

const TEMPLATE = {
  Deployment: (o) => o.spec?.template,
  ReplicaSet: (o) => o.spec?.template,
  StatefulSet: (o) => o.spec?.template,
  DaemonSet: (o) => o.spec?.template,
  Job: (o) => o.spec?.template,
  ReplicationController: (o) => o.spec?.template,
  CronJob: (o) => o.spec?.jobTemplate?.spec?.template,
};

/** Labels that a controller gives to all pods of an object (Kubernetes reference, "Well-known labels"), as far as the object says them. */
const ADDED = {
  Job: ({ metadata: { name } }) => ({ 'batch.kubernetes.io/job-name': name, 'job-name': name }),
  StatefulSet: ({ metadata: { name }, spec }) =>
    (spec?.replicas ?? 1) === 1 ? { 'apps.kubernetes.io/pod-index': '0', 'statefulset.kubernetes.io/pod-name': `${name}-0` } : {},
};

function flatten(docs) {
  return docs.flatMap((d) => (/List$/.test(d?.kind ?? '') && Array.isArray(d.items) ? flatten(d.items.filter(Boolean)) : [d]));
}

/** Documents -> {pods, namespaces, nodes, policies}. `skip(o)` leaves a policy out (what the API server rejects). */
export function load(docs, skip = () => false) {
  const objects = flatten(docs);
  const namespaces = new Map();
  const nodes = [];
  const pods = [];
  const policies = [];
  for (const o of objects) {
    const group = String(o.apiVersion ?? '').split('/');
    const ns = o.metadata?.namespace ?? 'default';
    if (o.kind === 'Namespace' && o.apiVersion === 'v1') namespaces.set(o.metadata.name, o.metadata.labels ?? {});
    else if (o.kind === 'Node' && o.apiVersion === 'v1') nodes.push(o);
    else if (o.kind === 'Pod' && o.apiVersion === 'v1') {
      const owner = (o.metadata.ownerReferences ?? []).find((r) => r.controller === true && r.kind !== 'Node');
      pods.push(pod(ns, owner ? `${ns}/${owner.name}[${owner.kind}]` : `${ns}/${o.metadata.name}[Pod]`, o.metadata, o.spec, o.status));
    } else if (TEMPLATE[o.kind]) {
      const t = TEMPLATE[o.kind](o) ?? {};
      const added = (ADDED[o.kind] ?? (() => ({})))(o);
      pods.push(pod(ns, `${ns}/${o.metadata.name}[${o.kind}]`, { labels: { ...t.metadata?.labels, ...added } }, t.spec, undefined));
    } else if ((o.kind === 'NetworkPolicy' && o.apiVersion === 'networking.k8s.io/v1') || group[0] === 'policy.networking.k8s.io') {
      if (!skip(o)) policies.push(o);
    }
  }
  const cluster = { namespaces, nodes, pods, policies };
  return cluster;
}

function pod(ns, workload, meta, spec, status) {
  const ips = [...new Set([status?.podIP, ...(status?.podIPs ?? []).map((i) => i?.ip)].filter(Boolean))];
  const sidecars = (spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  const ports = [...(spec?.containers ?? []), ...sidecars]
    .flatMap((c) => c?.ports ?? [])
    .map((p) => ({ name: p.name, number: p.containerPort, protocol: p.protocol ?? 'TCP' }));
  return { ns, workload, labels: meta?.labels ?? {}, ips, ports, hostNetwork: spec?.hostNetwork === true };
}

export function namespaceLabels(cluster, ns) {
  return { ...(cluster.namespaces.get(ns) ?? {}), 'kubernetes.io/metadata.name': ns };
}

// ---------------------------------------------------------------- selectors

/** `nulls`: 'empty' where a null label value is stored as "" (NetworkPolicy), 'pruned' where the API drops it (CRDs). */
export function selects(selector, labels, nulls) {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    if (value === null && nulls === 'pruned') continue;
    if (labels[key] !== (value ?? '')) return false;
  }
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    const has = Object.hasOwn(labels, key);
    const listed = has && (values ?? []).map((v) => v ?? '').includes(labels[key]);
    if (operator === 'In' && !listed) return false;
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
}

const present = (o, key) => o[key] !== undefined && o[key] !== null;

// ---------------------------------------------------------------- NetworkPolicy v1

export function directionsOf(np) {
  const spec = np.spec ?? {};
  if (spec.policyTypes?.length) return spec.policyTypes;
  return spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function npSelects(np, p) {
  return p.ip === undefined && p.ns === (np.metadata.namespace ?? 'default') && selects(np.spec?.podSelector, p.labels, 'empty');
}

export function npPeerMatches(cluster, np, peer, end) {
  if (present(peer, 'ipBlock')) {
    const { cidr, except } = peer.ipBlock;
    return addresses(end).some((ip) => inCidr(ip, cidr) && !(except ?? []).some((e) => inCidr(ip, e)));
  }
  if (end.ip !== undefined) return false;
  const inNamespace = present(peer, 'namespaceSelector')
    ? selects(peer.namespaceSelector, namespaceLabels(cluster, end.ns), 'empty')
    : end.ns === (np.metadata.namespace ?? 'default');
  return inNamespace && (!present(peer, 'podSelector') || selects(peer.podSelector, end.labels, 'empty'));
}

function npPortMatches(port, dst, protocol, number) {
  if ((port?.protocol ?? 'TCP') !== protocol) return false;
  if (port?.port === undefined || port.port === null) return true;
  if (typeof port.port === 'string')
    return (dst.ports ?? []).some((p) => p.name === port.port && p.protocol === protocol && p.number === number);
  return number >= port.port && number <= (port.endPort ?? port.port);
}

export function npRuleMatches(cluster, np, rule, direction, src, dst, protocol, number) {
  const peers = rule?.[direction === 'Ingress' ? 'from' : 'to'] ?? [];
  const ports = rule?.ports ?? [];
  const other = direction === 'Ingress' ? src : dst;
  return (
    (peers.length === 0 || peers.some((p) => npPeerMatches(cluster, np, p ?? {}, other))) &&
    (ports.length === 0 || ports.some((p) => npPortMatches(p, dst, protocol, number)))
  );
}

// ---------------------------------------------------------------- ClusterNetworkPolicy and its forerunners

export function tierOf(policy) {
  return policy.kind === 'ClusterNetworkPolicy' ? policy.spec.tier : policy.kind === 'AdminNetworkPolicy' ? 'Admin' : 'Baseline';
}

function podsMatch(cluster, pods, end) {
  return selects(pods.namespaceSelector, namespaceLabels(cluster, end.ns), 'pruned') && selects(pods.podSelector, end.labels, 'pruned');
}

export function inSubject(cluster, policy, p) {
  if (p.ip !== undefined || p.hostNetwork) return false;
  const { namespaces, pods } = policy.spec.subject;
  return pods ? podsMatch(cluster, pods, p) : selects(namespaces, namespaceLabels(cluster, p.ns), 'pruned');
}

const addresses = (end) =>
  end.family === undefined
    ? end.ip !== undefined
      ? [end.ip]
      : end.ips
    : (end.ip !== undefined ? [end.ip] : end.ips).filter((ip) => parseIP(ip)[0] === end.family);

export function clusterPeerMatches(cluster, peer, end) {
  if (peer.networks) return addresses(end).some((ip) => peer.networks.some((c) => inCidr(ip, c)));
  if (peer.nodes) {
    const ips = cluster.nodes
      .filter((n) => selects(peer.nodes, n.metadata.labels ?? {}, 'pruned'))
      .flatMap((n) => (n.status?.addresses ?? []).filter((a) => /IP$/.test(a.type)).map((a) => a.address));
    return addresses(end).some((ip) => ips.includes(ip));
  }
  if (peer.domainNames) return false;
  if (end.ip !== undefined || end.hostNetwork) return false;
  return peer.pods ? podsMatch(cluster, peer.pods, end) : selects(peer.namespaces, namespaceLabels(cluster, end.ns), 'pruned');
}

function protocolMatches(item, dst, protocol, number) {
  const named = item.destinationNamedPort ?? item.namedPort;
  if (named !== undefined) return (dst.ports ?? []).some((p) => p.name === named && p.protocol === protocol && p.number === number);
  if (item.portNumber) return (item.portNumber.protocol ?? 'TCP') === protocol && item.portNumber.port === number;
  if (item.portRange)
    return (item.portRange.protocol ?? 'TCP') === protocol && number >= item.portRange.start && number <= item.portRange.end;
  const own = item[protocol.toLowerCase()];
  if (!own) return false;
  const { number: n, range } = own.destinationPort;
  return n !== undefined ? n === number : number >= range.start && number <= range.end;
}

export function clusterRuleMatches(cluster, rule, direction, src, dst, protocol, number) {
  const peers = rule[direction === 'Ingress' ? 'from' : 'to'];
  const list = rule.protocols ?? rule.ports ?? [];
  const other = direction === 'Ingress' ? src : dst;
  return (
    peers.some((p) => clusterPeerMatches(cluster, p, other)) &&
    (list.length === 0 || list.some((p) => protocolMatches(p, dst, protocol, number)))
  );
}

/** Actions that a tier can end with for a connection: more than one where policies of equal priority disagree. */
export function tierActions(cluster, tier, direction, src, dst, protocol, number, policies = cluster.policies) {
  const self = direction === 'Ingress' ? dst : src;
  const mine = policies.filter((p) => p.kind !== 'NetworkPolicy' && tierOf(p) === tier && inSubject(cluster, p, self));
  // Nothing upstream says how a BaselineAdminNetworkPolicy (no priority) stands to a ClusterNetworkPolicy of the Baseline tier, nor how
  // an AdminNetworkPolicy stands to one of the Admin tier: here the first comes last, and the others share one scale of priorities.
  const priorityOf = (p) => p.spec.priority ?? Infinity;
  const priorities = [...new Set(mine.map(priorityOf))].sort((a, b) => a - b);
  for (const priority of priorities) {
    const matches = [];
    for (const policy of mine.filter((p) => priorityOf(p) === priority)) {
      const rules = policy.spec[direction.toLowerCase()] ?? [];
      const index = rules.findIndex((r) => clusterRuleMatches(cluster, r, direction, src, dst, protocol, number));
      if (index >= 0) matches.push({ policy, index, action: rules[index].action === 'Allow' ? 'Accept' : rules[index].action });
    }
    if (matches.length) return matches;
  }
  return [];
}

// ---------------------------------------------------------------- the ladder

/** One side of a connection: the set of possible verdicts. */
export function side(cluster, direction, src, dst, protocol, number) {
  const self = direction === 'Ingress' ? dst : src;
  if (self.ip !== undefined) return new Set([true]);
  const after = (matches, next) => {
    const out = new Set();
    for (const action of matches.length ? matches.map((m) => m.action) : ['Pass']) {
      if (action === 'Accept') out.add(true);
      else if (action === 'Deny') out.add(false);
      else next().forEach((v) => out.add(v));
    }
    return out;
  };
  const baseline = () => after(tierActions(cluster, 'Baseline', direction, src, dst, protocol, number), () => new Set([true]));
  const networkPolicy = () => {
    const isolating = cluster.policies.filter(
      (p) => p.kind === 'NetworkPolicy' && directionsOf(p).includes(direction) && npSelects(p, self),
    );
    if (!isolating.length) return baseline();
    return new Set([
      isolating.some((p) =>
        (p.spec?.[direction.toLowerCase()] ?? []).some((r) => npRuleMatches(cluster, p, r, direction, src, dst, protocol, number)),
      ),
    ]);
  };
  return after(tierActions(cluster, 'Admin', direction, src, dst, protocol, number), networkPolicy);
}

/** The set of possible verdicts of one connection between two pods or addresses. */
export function verdict(cluster, src, dst, protocol, number) {
  const out = side(cluster, 'Egress', src, dst, protocol, number);
  const into = side(cluster, 'Ingress', src, dst, protocol, number);
  const all = new Set();
  for (const a of out) for (const b of into) all.add(a && b);
  return all;
}

/** The same between workloads with several known pods: the verdicts of every pair of their pods, united. */
export function workloads(cluster) {
  const map = new Map();
  for (const p of cluster.pods) map.set(p.workload, [...(map.get(p.workload) ?? []), p]);
  return map;
}

// ---------------------------------------------------------------- what to try

/** Every port where a verdict can change, and its neighbours. */
export function samplePorts(cluster) {
  const ports = new Set([1, 65535]);
  const add = (n) => {
    for (const x of [n - 1, n, n + 1]) if (Number.isInteger(x) && x >= 1 && x <= 65535) ports.add(x);
  };
  const walk = (v) => {
    if (typeof v === 'number') add(v);
    else if (Array.isArray(v)) v.forEach(walk);
    else if (v && typeof v === 'object') Object.values(v).forEach(walk);
  };
  cluster.policies.forEach((p) => walk(p.spec));
  cluster.pods.forEach((p) => p.ports.forEach((q) => add(q.number)));
  return [...ports].sort((a, b) => a - b);
}

/** Every address outside where a verdict can change: the ends of all CIDRs and node addresses, and their neighbours. */
export function sampleAddresses(cluster) {
  const out = new Map();
  const put = (family, n) => {
    const max = family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n;
    if (n >= 0n && n <= max) out.set(`${family}:${n}`, formatIP([family, n]));
  };
  const walk = (v) => {
    if (typeof v === 'string' && /^[0-9a-f.:]+\/\d+$/i.test(v)) {
      const r = cidrRange(v);
      for (const n of [r.first - 1n, r.first, r.last, r.last + 1n]) put(r.family, n);
    } else if (Array.isArray(v)) v.forEach(walk);
    else if (v && typeof v === 'object') Object.values(v).forEach(walk);
  };
  put(4, 0n);
  put(4, (1n << 32n) - 1n);
  cluster.policies.forEach((p) => walk(p.spec));
  for (const n of cluster.nodes)
    for (const a of n.status?.addresses ?? []) {
      const ip = parseIP(a.address);
      if (ip) for (const d of [-1n, 0n, 1n]) put(ip[0], ip[1] + d);
    }
  const known = new Set(cluster.pods.flatMap((p) => p.ips).map((t) => parseIP(t).join(':')));
  return [...out].filter(([k]) => !known.has(k)).map(([, t]) => t);
}
