import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ciliumRedundancy } from '../../server/analysis/redundancy/cilium-redundancy.ts';
import { formatTraffic } from '../../server/base/ports.ts';
import { parseIp } from '../../server/base/ip.ts';
import { evaluationOf, verdict, type Endpoint } from '../../server/eval/evaluate.ts';
import type { Path } from '../../server/syntax/path.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { clusterOf } from '../eval/cluster.ts';

/*
 * What is called redundant among policies of Cilium can go, all of it together, without any verdict changing: random policies over a
 * universe in which all pods that they can tell apart exist. What is removed is removed from the manifests, so that a list without
 * entries does not isolate any more.
 */

type Json = string | number | boolean | readonly Json[] | { readonly [field: string]: Json };
type Entry = Readonly<Record<string, Json>>;

interface Drawn {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'NetworkPolicy';
  readonly spec: Readonly<Record<string, Json | readonly Entry[]>>;
}

const UNIVERSE: readonly Json[] = [
  ...['n1', 'n2'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...['n1', 'n2'].flatMap((namespace) =>
    ['x', 'y', 'z'].map((a) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: a, namespace, labels: { a } },
      spec: { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 80 }] }] },
    })),
  ),
];

const selector: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  {},
  { matchLabels: { a: 'x' } },
  { matchLabels: { 'k8s:a': 'y' } },
  { matchExpressions: [{ key: 'a', operator: 'In', values: ['x', 'y'] }] },
  { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['x'] }] },
);
const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const peerSelector: fc.Arbitrary<Json> = fc.oneof(
  selector,
  fc.constantFrom<Json>({ matchLabels: { a: 'x', [NAMESPACE]: 'n2' } }, { matchExpressions: [{ key: NAMESPACE, operator: 'Exists' }] }),
);
const peers = (prefix: string): fc.Arbitrary<Entry> =>
  fc.oneof(
    fc.constant<Entry>({}),
    fc.array(peerSelector, { minLength: 1, maxLength: 2 }).map((list) => ({ [`${prefix}Endpoints`]: list })),
    fc.constantFrom('all', 'world', 'cluster').map((entity) => ({ [`${prefix}Entities`]: [entity] })),
    fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '10.1.0.0/16').map((cidr) => ({ [`${prefix}CIDR`]: [cidr] })),
  );
const ports: fc.Arbitrary<Entry> = fc.constantFrom<Entry>(
  {},
  { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
  { toPorts: [{ ports: [{ port: 'http' }] }] },
  { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] },
  { toPorts: [{ ports: [{ port: '1', endPort: 100, protocol: 'ANY' }] }] },
);
const entry = (prefix: string): fc.Arbitrary<Entry> => fc.tuple(peers(prefix), ports).map(([one, other]) => ({ ...one, ...other }));

function ciliumSpec(): fc.Arbitrary<Drawn['spec']> {
  const list = (prefix: string): fc.Arbitrary<readonly Entry[]> => fc.array(entry(prefix), { minLength: 1, maxLength: 3 });
  return fc
    .record(
      {
        ingress: list('from'),
        ingressDeny: list('from'),
        egress: list('to'),
        enableDefaultDeny: fc.record({ ingress: fc.boolean() }),
        endpointSelector: selector,
      },
      { requiredKeys: ['endpointSelector'] },
    )
    .filter((spec) => spec.ingress !== undefined || spec.ingressDeny !== undefined || spec.egress !== undefined)
    .map(({ ingressDeny, ...spec }) => ({ ...spec, ...(ingressDeny ? { ingressDeny: ingressDeny.map(withoutLayer7) } : {}) }));
}

function withoutLayer7({ toPorts, ...rest }: Entry): Entry {
  return toPorts === undefined ? rest : { ...rest, toPorts: JSON.parse(JSON.stringify(toPorts).replace(/,"rules":.*?\]\}/, '')) };
}

const networkPolicySpec: fc.Arbitrary<Drawn['spec']> = fc.record({
  podSelector: fc.constantFrom<Json>({}, { matchLabels: { a: 'x' } }),
  ingress: fc.array(
    fc.constantFrom<Entry>(
      { from: [{ podSelector: {} }] },
      { from: [{ podSelector: { matchLabels: { a: 'x' } } }], ports: [{ port: 80 }] },
      { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] },
      {},
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

const drawn: fc.Arbitrary<readonly Drawn[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: ciliumSpec().map((spec): Drawn => ({ kind: 'CiliumNetworkPolicy', spec })) },
    { weight: 2, arbitrary: ciliumSpec().map((spec): Drawn => ({ kind: 'CiliumClusterwideNetworkPolicy', spec })) },
    { weight: 1, arbitrary: networkPolicySpec.map((spec): Drawn => ({ kind: 'NetworkPolicy', spec })) },
  ),
  { minLength: 2, maxLength: 5 },
);

function clusterWith(policies: readonly Drawn[]): Cluster {
  const manifests = policies.map(({ kind, spec }, at): Json => ({
    apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
    kind,
    metadata: { name: `p${at}`, ...(kind === 'CiliumClusterwideNetworkPolicy' ? {} : { namespace: 'n1' }) },
    spec,
  }));
  return clusterOf({ 'all.yaml': [...UNIVERSE, ...manifests].map((one) => JSON.stringify(one)).join('\n---\n') }, 'cilium');
}

const OUTSIDE: readonly Endpoint[] = ['10.0.0.9', '10.1.0.9', '192.0.2.1', '2001:db8::1'].flatMap((text): readonly Endpoint[] => {
  const ip = parseIp(text);
  return ip.ok ? [{ kind: 'address', ip }] : [];
});

function verdictsOf(cluster: Cluster): readonly string[] {
  const evaluation = evaluationOf(cluster);
  const pods = cluster.workloads.map(({ value }): Endpoint => ({ kind: 'workload', workload: value }));
  const ends = [...pods, ...OUTSIDE];
  return ends.flatMap((from) =>
    ends.flatMap((to) => {
      if (from === to || (from.kind === 'address' && to.kind === 'address')) return [];
      const { allowed, ambiguous, conditional } = verdict(evaluation, from, to);
      const conditions = (conditional ?? []).map(({ traffic, condition }) => `${formatTraffic(traffic)} ${condition}`).toSorted();
      return [`${formatTraffic(allowed)} ? ${formatTraffic(ambiguous)} | ${conditions.join()}`];
    }),
  );
}

/** Policies, and entries of policies by their lists, that are called redundant. */
function claimsOf(cluster: Cluster): { readonly policies: ReadonlySet<string>; readonly entries: readonly (readonly [string, Path])[] } {
  const found = ciliumRedundancy(cluster);
  return {
    policies: new Set([...found.policies.keys()].map(({ name }) => name)),
    entries: [...found.entries].flatMap(([{ name }, entries]) => entries.map(({ rule }) => [name, rule.path] as const)),
  };
}

function without(policies: readonly Drawn[], cluster: Cluster): readonly Drawn[] {
  const claims = claimsOf(cluster);
  return policies.map((policy, at) => {
    if (claims.policies.has(`p${at}`))
      return { kind: 'NetworkPolicy', spec: { podSelector: { matchLabels: { a: 'of no pod' } }, policyTypes: [] } };
    const paths = claims.entries.flatMap(([name, path]) => (name === `p${at}` ? [path] : []));
    const left = Object.entries(policy.spec).map(([field, value]): readonly [string, Drawn['spec'][string]] => [
      field,
      isList(value) ? value.filter((_, i) => !paths.some(([, list, index]) => list === field && index === i)) : value,
    ]);
    return { kind: policy.kind, spec: Object.fromEntries(left.filter(([, value]) => !isList(value) || value.length > 0)) };
  });
}

function isList(value: Drawn['spec'][string]): value is readonly Json[] {
  return Array.isArray(value);
}

test('what is called redundant can go without any verdict changing', () => {
  let claimed = 0;
  fc.assert(
    fc.property(drawn, (policies) => {
      const cluster = clusterWith(policies);
      const { policies: gone, entries } = claimsOf(cluster);
      claimed += gone.size + entries.length;
      if (gone.size + entries.length === 0) return;
      expect(verdictsOf(clusterWith(without(policies, cluster)))).toEqual(verdictsOf(cluster));
    }),
    { numRuns: 25, seed: 7 },
  );
  expect(claimed).toBeGreaterThan(8);
});
