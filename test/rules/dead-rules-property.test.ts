import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { evaluationOf, verdict, type Endpoint } from '../../server/eval/evaluate.ts';
import type { Verdict } from '../../server/eval/verdict.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { formatTraffic } from '../../server/base/ports.ts';
import { parseIp } from '../../server/base/ip.ts';
import type { Section } from '../../server/model/policy.ts';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { isBelow, type Path } from '../../server/syntax/path.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { clusterFor, emptySnapshot, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { DEAD } from './terse-policies.ts';

/*
 * What is reported as dead can go without any verdict changing. Policies are drawn over a universe so small that all pods that can be told
 * apart stand in it as workloads; removing what a finding points at, alone and together with everything else that is reported, must give
 * the same verdicts between all of them and the addresses outside.
 */
const CLAIMS = [...DEAD, 'vacuous-policy'];

type Json = string | number | boolean | readonly Json[] | { readonly [field: string]: Json };

/** Every rule off but those that are put to the test. */
const SETTINGS: Settings = {
  ...DEFAULTS,
  profile: 'audit',
  rules: Object.fromEntries(
    [...manifestRules, ...workspaceRules]
      .map(({ name }) => name)
      .flatMap((name) => (CLAIMS.includes(name) ? [] : [[name, 'off' as const]])),
  ),
};

const FOLDER = 'file:///work';

const PODS: readonly Json[] = ['n1', 'n2'].flatMap((namespace) =>
  [undefined, 'x', 'y'].flatMap((a) =>
    [undefined, 'http'].flatMap((port) =>
      (port === undefined ? [undefined] : [undefined, '10.0.0.1', '10.200.0.1']).map((ip, at): Json => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `${a ?? 'none'}-${port ?? 'none'}-${at}`, namespace, labels: a === undefined ? {} : { a } },
        spec: { containers: [{ name: 'main', ports: port === undefined ? [] : [{ name: port, containerPort: 80 }] }] },
        ...(ip === undefined ? {} : { status: { podIP: ip } }),
      })),
    ),
  ),
);

const NAMESPACES: readonly Json[] = ['n1', 'n2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: name === 'n1' ? { t: 'x' } : {} },
}));

const UNIVERSE: Snapshot = withFiles(emptySnapshot({ folders: [FOLDER], clusters: {} }), [
  { uri: `${FOLDER}/universe.yaml`, file: sourceFile([...NAMESPACES, ...PODS].map((one) => JSON.stringify(one)).join('\n---\n')) },
]);

const OUTSIDE: readonly Endpoint[] = ['10.0.0.9', '10.200.0.9', '11.0.0.1', 'fd00::1', '2001::1'].flatMap((text): readonly Endpoint[] => {
  const ip = parseIp(text);
  return ip.ok ? [{ kind: 'address', ip }] : [];
});

function uriOf(at: number): string {
  return `${FOLDER}/policy-${at}.yaml`;
}

/** Something that is called dead: a policy, all rules of a direction, or one rule. */
interface Claim {
  readonly policy: string;
  readonly code: string;
  readonly path: Path;
  readonly message: string;
}

/** The cluster of some policies, the one at index 3 by the name `p3`, and what is said of them. */
function judged(policies: readonly Json[]): { readonly cluster: Cluster; readonly claims: readonly Claim[] } {
  const files = policies.map((policy, at) => ({ uri: uriOf(at), file: sourceFile(JSON.stringify(policy)), keepTrees: true }));
  const snapshot = withFiles(UNIVERSE, files);
  const faults: string[] = [];
  const claims = files.flatMap(({ uri, file }, at) => {
    const own = finished(diagnose(file, { uri, settings: SETTINGS, partial: false }));
    const wide = finished(diagnoseWorkspace(snapshot, uri, SETTINGS, (rule, fault) => faults.push(`${rule}: ${String(fault)}`)));
    return [...own, ...wide].map(({ finding: { code, path, message } }) => ({ policy: `p${at}`, code, path, message }));
  });
  expect(faults).toEqual([]);
  return { cluster: clusterFor(snapshot, uriOf(0)), claims: claims.filter(({ code }) => CLAIMS.includes(code)) };
}

/** The cluster without what the claims point at. What a policy isolates it goes on isolating while it is there. */
function without(cluster: Cluster, claims: readonly Claim[]): Cluster {
  const policies = cluster.policies.flatMap(({ key, value }): Cluster['policies'] => {
    const paths = claims.filter(({ policy }) => policy === value.name).map(({ path }) => path);
    if (paths.some(([first]) => first === 'metadata')) return [];
    const left = (section: Section): Section => ({
      ...section,
      rules: section.rules.filter((rule) => !paths.some((path) => isBelow(rule.path, path))),
    });
    const { ingress, egress } = value;
    return [{ key, value: { ...value, ...(ingress ? { ingress: left(ingress) } : {}), ...(egress ? { egress: left(egress) } : {}) } }];
  });
  return { ...cluster, policies };
}

/** Every verdict of the universe, in words, to compare. */
function verdictsOf(cluster: Cluster): readonly string[] {
  const made = evaluationOf(cluster);
  for (const { id } of made.space.classes) for (const direction of ['ingress', 'egress'] as const) made.row(direction, id);
  const texts = new Map<Verdict, string>();
  const textOf = (one: Verdict): string => {
    const text = texts.get(one) ?? `${formatTraffic(one.allowed)} ? ${formatTraffic(one.ambiguous)}`;
    texts.set(one, text);
    return text;
  };
  const ends: readonly Endpoint[] = [
    ...cluster.workloads.map(({ value }): Endpoint => ({ kind: 'workload', workload: value })),
    ...OUTSIDE,
  ];
  return ends.flatMap((from) =>
    ends.flatMap((to) => {
      if (from === to || (from.kind === 'address' && to.kind === 'address')) return [];
      return [textOf(verdict(made, from, to))];
    }),
  );
}

const label = fc.constantFrom('x', 'y');
const podSelector: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 4, arbitrary: label.map((a) => ({ matchLabels: { a } })) },
  {
    weight: 3,
    arbitrary: fc
      .record({ operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'), values: fc.uniqueArray(label, { minLength: 1 }) })
      .map(({ operator, values }): Json => ({
        matchExpressions: [{ key: 'a', operator, ...(/In$/.test(operator) ? { values } : {}) }],
      })),
  },
);
const namespaceSelector: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  {},
  {},
  { matchLabels: { t: 'x' } },
  { matchExpressions: [{ key: 't', operator: 'DoesNotExist' }] },
  { matchLabels: { 'kubernetes.io/metadata.name': 'n1' } },
  { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['n1', 'n2'] }] },
);
const block = fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '::/0', '10.0.0.0/8', '10.128.0.0/9', 'fd00::/8');
const few = { minLength: 1, maxLength: 2 };

/** Ports of NetworkPolicies. */
const ports: fc.Arbitrary<readonly Json[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 4,
    arbitrary: fc.array(
      fc.constantFrom<Json>(
        { port: 80 },
        { port: 80, endPort: 82 },
        { port: 81, endPort: 90 },
        { port: 'http' },
        { protocol: 'UDP' },
        { protocol: 'TCP' },
      ),
      few,
    ),
  },
);

const v1: fc.Arbitrary<Json> = fc
  .record({
    namespace: fc.constantFrom('n1', 'n1', 'n2'),
    podSelector,
    policyTypes: fc.constantFrom<readonly string[]>(['Ingress'], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    rules: fc.array(
      fc.record({
        peers: fc.oneof(
          { weight: 1, arbitrary: fc.constant([]) },
          {
            weight: 5,
            arbitrary: fc.array(
              fc.oneof(
                { weight: 3, arbitrary: podSelector.map((one): Json => ({ podSelector: one })) },
                { weight: 3, arbitrary: namespaceSelector.map((one): Json => ({ namespaceSelector: one })) },
                { weight: 2, arbitrary: fc.record({ namespaceSelector, podSelector }) },
                {
                  weight: 2,
                  arbitrary: block.chain((cidr) =>
                    fc
                      .boolean()
                      .map((hole): Json => ({ ipBlock: { cidr, ...(hole && cidr === '10.0.0.0/8' ? { except: ['10.128.0.0/9'] } : {}) } })),
                  ),
                },
              ),
              few,
            ),
          },
        ),
        ports,
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ namespace, podSelector: selector, policyTypes, rules }): Json => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: '', namespace },
    spec: {
      podSelector: selector,
      policyTypes,
      ...(policyTypes.includes('Ingress') ? { ingress: rules.map((rule) => ({ from: rule.peers, ports: rule.ports })) } : {}),
      ...(policyTypes.includes('Egress') ? { egress: rules.map((rule) => ({ to: rule.peers, ports: rule.ports })) } : {}),
    },
  }));

const pods: fc.Arbitrary<Json> = fc.oneof(
  namespaceSelector.map((namespaces): Json => ({ namespaces })),
  fc.record({ namespaceSelector, podSelector }).map((both): Json => ({ pods: both })),
);
const numbers = fc.constantFrom<readonly [string, number, number]>(
  ['TCP', 80, 80],
  ['TCP', 80, 82],
  ['TCP', 1, 65_535],
  ['UDP', 1, 65_535],
);

/** The same draw as a port of v1alpha2 and of v1alpha1; `http` is a port name. */
const tieredPort: fc.Arbitrary<readonly [Json, Json]> = fc.oneof(
  fc.constant<readonly [Json, Json]>([{ destinationNamedPort: 'http' }, { namedPort: 'http' }]),
  numbers.map(([protocol, start, end]): readonly [Json, Json] =>
    start === end
      ? [{ [protocol.toLowerCase()]: { destinationPort: { number: start } } }, { portNumber: { protocol, port: start } }]
      : [{ [protocol.toLowerCase()]: { destinationPort: { range: { start, end } } } }, { portRange: { protocol, start, end } }],
  ),
);

const tieredPorts: fc.Arbitrary<readonly (readonly [Json, Json])[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<readonly (readonly [Json, Json])[]>([]) },
  { weight: 2, arbitrary: fc.array(tieredPort, few) },
);

const tiered: fc.Arbitrary<Json> = fc
  .record({
    kind: fc.constantFrom(
      'ClusterNetworkPolicy',
      'ClusterNetworkPolicy',
      'ClusterNetworkPolicy',
      'AdminNetworkPolicy',
      'BaselineAdminNetworkPolicy',
    ),
    tier: fc.constantFrom('Admin', 'Admin', 'Baseline'),
    priority: fc.constantFrom(1, 2, 2, 3),
    subject: pods,
    direction: fc.constantFrom('ingress', 'ingress', 'egress'),
    rules: fc.array(
      fc.record({
        action: fc.constantFrom('Accept', 'Deny', 'Deny', 'Pass'),
        pods: fc.array(pods, few),
        networks: fc.option(block, { nil: undefined, freq: 2 }),
        ports: tieredPorts,
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ kind, tier, priority, subject, direction, rules }): Json => {
    const alpha2 = kind === 'ClusterNetworkPolicy';
    const isBaseline = kind === 'BaselineAdminNetworkPolicy';
    return {
      apiVersion: alpha2 ? 'policy.networking.k8s.io/v1alpha2' : 'policy.networking.k8s.io/v1alpha1',
      kind,
      metadata: { name: '' },
      spec: {
        ...(alpha2 ? { tier } : {}),
        ...(isBaseline ? {} : { priority }),
        subject,
        [direction]: rules
          .filter(({ action }) => !isBaseline || action !== 'Pass')
          .map((rule): Json => ({
            action: alpha2 || rule.action !== 'Accept' ? rule.action : 'Allow',
            [direction === 'ingress' ? 'from' : 'to']: [
              ...rule.pods,
              ...(direction === 'egress' && rule.networks !== undefined ? [{ networks: [rule.networks] }] : []),
            ],
            [alpha2 ? 'protocols' : 'ports']: rule.ports.map(([one, other]) => (alpha2 ? one : other)),
          })),
      },
    };
  });

const policySet: fc.Arbitrary<readonly Json[]> = fc
  .array(fc.oneof(v1, tiered), { minLength: 2, maxLength: 5 })
  // A name of its own for each, so that none replaces another.
  .map((list) =>
    list.map((policy, at): Json =>
      isMap(policy) && isMap(policy['metadata']) ? { ...policy, metadata: { ...policy['metadata'], name: `p${at}` } } : policy,
    ),
  );

function isMap(value: Json | undefined): value is { readonly [field: string]: Json } {
  return typeof value === 'object' && !Array.isArray(value);
}

test('what is reported as dead can go, alone and all together', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(policySet, (policies) => {
      const { cluster, claims } = judged(policies);
      if (claims.length === 0) return;
      const before = verdictsOf(cluster);
      for (const some of [...claims.map((claim) => [claim]), claims]) {
        for (const { code } of some) seen.add(code);
        expect({ some, changed: changes(before, verdictsOf(without(cluster, some))) }).toEqual({ some, changed: [] });
      }
    }),
    // The same draws every time; to look for more, take the seed away and raise the number.
    { numRuns: 120, seed: 2026 },
  );
  expect([...seen].sort()).toEqual([...CLAIMS].sort());
}, 120_000);

/** The first few verdicts that are not the same. */
function changes(before: readonly string[], after: readonly string[]): readonly string[] {
  return before.flatMap((line, at) => (line === after[at] ? [] : [`${line} | ${after[at]}`])).slice(0, 3);
}
