import { describe, expect, test } from 'vitest';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { formatPath } from '../../server/syntax/path.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';
import { casesOf } from './cases.ts';

/** What is said of several policies, or of several rules, and of what they do to connections. */
const ACROSS = [
  'unreachable-baseline-rule',
  'baseline-pass-last',
  'redundant-with-allow-all',
  'egress-not-isolated',
  'expectation-failed',
  'load-balancer-blocked',
  'namespace-without-default-deny',
  'namespace-without-egress-deny',
  'metrics-blocked',
  'webhook-blocked',
  'service-without-client',
  'one-sided-allow',
  'pass-skips-nothing',
  'priority-tie',
  'redundant-policy',
  'redundant-rule',
  'rule-covered-by-policy',
  'shadowed-by-policy',
  'shadowed-rule',
  'unprotected-workload',
  'vacuous-policy',
];

const REAL = /\S+ -> \S+ (?:TCP|UDP|SCTP)[ /]\d+/;
const POSSIBLE = /\S+ to (?:a pod\b.*|[\d.]+) on (?:TCP|UDP|SCTP) \d+/;

test.each(ACROSS)('%s shows a source, a destination and a port', (code) => {
  const rule = [...manifestRules, ...workspaceRules].find(({ name }) => name === code);
  // Of network sets a policy does not say the addresses, so nothing can be named.
  const cases = (rule ? casesOf(rule).bad : []).filter(({ yaml }) => !yaml.includes('namespaceSelector: global()'));
  const found = cases.flatMap(({ yaml }) => workspaceFindingsIn(yaml).filter((one) => one.code === code));
  expect(found.length).toBeGreaterThan(0);
  const missing = found.map(({ message }) => message).filter((message) => !REAL.test(message) && !POSSIBLE.test(message));
  expect(missing).toEqual([]);
});

const POD = (namespace: string, name: string, port: number): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }\nspec: { containers: [ { name: c, ports: [ { containerPort: ${port} } ] } ] }\n---\n`;
const PODS = POD('shop', 'web', 8080) + POD('shop', 'db', 5432) + POD('ops', 'scan', 9000);
const V1 = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { ${spec} }\n---\n`;
const ADMIN = (name: string, priority: number, rules: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: ${name} }\nspec: { tier: Admin, priority: ${priority}, subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }, ${rules} }\n---\n`;

/** `message | rule of the first related place`. */
function told(source: string, code: string): readonly string[] {
  return workspaceFindingsIn(source)
    .filter((finding) => finding.code === code)
    .map(
      ({ message, related: [first] }) =>
        `${message} | ${/([^/\n]+)\n\d+$/.exec(first?.key ?? '')?.[1] ?? 'here'} ${formatPath(first?.path ?? [])}`,
    );
}

describe('between workloads of the cluster, where two fit', () => {
  const toDb = V1(
    'db',
    'podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: 5432 } ] } ]',
  );

  test('the rule that decides comes first', () => {
    const deny = ADMIN(
      'guard',
      10,
      'ingress: [ { action: Deny, from: [ { namespaces: {} } ], protocols: [ { tcp: { destinationPort: { range: { start: 1, end: 5000 } } } } ] }, { name: rest, action: Deny, from: [ { namespaces: {} } ], protocols: [ { tcp: { destinationPort: { range: { start: 5001, end: 65535 } } } } ] } ]',
    );
    const wide = toDb.replace(', ports: [ { port: 5432 } ]', ', ports: [ { protocol: TCP } ]');
    expect(told(PODS + deny + wide, 'shadowed-by-policy')).toEqual([
      "Except for pods on the host network, this rule is never reached: ingress rule 1 of guard and 'rest' of guard together decide all of it first in the Admin tier, for example shop/web[Pod] -> shop/db[Pod] TCP 5432, which 'rest' of guard denies. Add a Pass or Accept before it to allow this traffic. | guard spec.ingress[1]",
    ]);
  });

  test('an open connection that the narrow policy does not allow', () => {
    const open = V1('open', 'podSelector: {}, ingress: [ {} ]');
    expect(told(PODS + open + toDb, 'redundant-with-allow-all')).toEqual([
      'These rules have no effect: shop/open allows all ingress of the same pods, for example ops/scan[Pod] -> shop/db[Pod] TCP 5432, and policies are additive. Narrow that policy, or remove these rules. | open spec.ingress[0]',
    ]);
  });

  test('an address, where peers are addresses', () => {
    const wide = V1('wide', "podSelector: {}, policyTypes: [Egress], egress: [ { to: [ { ipBlock: { cidr: '0.0.0.0/0' } } ] } ]");
    const narrow = V1(
      'narrow',
      "podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [ { to: [ { ipBlock: { cidr: '198.51.100.0/24' } } ], ports: [ { port: 443 } ] } ]",
    );
    expect(told(PODS + narrow + wide, 'redundant-policy')).toEqual([
      'This policy has no effect: shop/wide isolates these pods already and allows all that it allows, for example shop/web[Pod] -> 198.51.100.0 TCP 443. Remove it, or narrow the wider one. | wide spec.podSelector',
    ]);
  });

  test('what a policy without rules closes', () => {
    const wide = V1('wide', 'podSelector: {}, ingress: [ { from: [ { podSelector: {} } ] } ]');
    expect(told(PODS + V1('closed', 'podSelector: { matchLabels: { app: db } }') + wide, 'redundant-policy')).toEqual([
      'This policy has no effect: shop/wide isolates these pods already and allows all that it allows, and denies everything else, for example ops/scan[Pod] -> shop/db[Pod] TCP 5432. Remove it, or narrow the wider one. | wide spec.podSelector',
    ]);
  });
});

test('else between any that there could be; the namespace is not guessed', () => {
  const both =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec: { podSelector: {}, ingress: [ { from: [ { podSelector: {} } ] }, { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: 9090 } ] } ] }\n';
  expect(told(both, 'redundant-rule')).toEqual([
    'This rule has no effect: rule 1 of the list already allows all of it, for example a pod with app=web to a pod on TCP 9090. Remove it, or narrow the wider rule. | here spec.ingress[0]',
  ]);
});

describe('policies that change no verdict', () => {
  const strict = (source: string): readonly string[] => told(source, 'vacuous-policy');
  const allow = (name: string, selector: string, from: string): string =>
    V1(name, `podSelector: ${selector}, policyTypes: [Ingress], ingress: [ { from: [ ${from} ] } ]`);
  const DB = '{ matchLabels: { app: db } }';
  const WEB = '{ podSelector: { matchLabels: { app: web } } }';

  test('nothing else denies what an Admin policy accepts', () => {
    const accept = ADMIN('metrics', 5, 'ingress: [ { action: Accept, from: [ { namespaces: {} } ] } ]');
    expect(strict(PODS + accept)).toEqual([
      'This policy changes no verdict in this workspace: without it, ops/scan[Pod] -> shop/web[Pod] TCP 8080 is still allowed, since no other policy denies it. Remove it, unless it is meant for workloads that this workspace does not contain yet. | here ',
    ]);
    expect(strict(PODS + accept + V1('closed', 'podSelector: {}'))).toEqual([]);
  });

  test('an Admin policy decides before', () => {
    const deny = ADMIN(
      'guard',
      5,
      `ingress: [ { action: Deny, from: [ { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } } ] } ]`,
    );
    const closed = V1('closed', 'podSelector: {}');
    const labelled = allow('db', DB, '{ podSelector: { matchExpressions: [ { key: app, operator: In, values: [web] } ] } }');
    // The rule says so itself.
    expect(strict(PODS + deny + closed + labelled)).toEqual([]);
  });

  test('the other side is closed', () => {
    const out = V1('out', 'podSelector: { matchLabels: { app: web } }, policyTypes: [Egress]');
    expect(strict(PODS + out + allow('db', DB, WEB) + V1('closed', 'podSelector: {}'))).toEqual([
      'This policy changes no verdict in this workspace: without it, shop/web[Pod] -> shop/db[Pod] TCP 5432 is still denied by shop/out. Remove it, unless it is meant for workloads that this workspace does not contain yet. | out spec.egress',
    ]);
  });

  test('of two that do the same here only the later one', () => {
    const byName = allow('a', DB, WEB);
    const byOthers = allow(
      'b',
      DB,
      '{ podSelector: { matchExpressions: [ { key: app, operator: Exists }, { key: tier, operator: DoesNotExist } ] } }',
    );
    const source = PODS + byName + byOthers;
    expect(strict(source)).toEqual([
      'This policy changes no verdict in this workspace: without it, shop/web[Pod] -> shop/db[Pod] TCP 5432 is still allowed by shop/a. Remove it, unless it is meant for workloads that this workspace does not contain yet. | a spec.ingress[0]',
    ]);
  });

  test.each([
    ['a default deny', PODS + V1('a', 'podSelector: {}') + V1('b', 'podSelector: {}')],
    ['one that selects nobody here', PODS + V1('closed', 'podSelector: {}') + allow('b', '{ matchLabels: { app: api } }', WEB)],
    [
      'one that names somebody who is not here',
      PODS + V1('closed', 'podSelector: {}') + allow('b', DB, '{ namespaceSelector: { matchLabels: { team: x } } }'),
    ],
    ['one with names of domains', PODS + ADMIN('names', 5, "egress: [ { action: Accept, to: [ { domainNames: ['example.com'] } ] } ]")],
    [
      'one that cannot be read in full',
      PODS + ADMIN('half', 5, 'ingress: [ { action: Accept, from: [ { namespaces: {} }, "{{ .Values.peer }}" ] } ]'),
    ],
  ])('silent about %s', (_, source) => expect(strict(source)).toEqual([]));
});

describe('subjects', () => {
  const v1 = (name: string, selector: string): string =>
    V1(name, `podSelector: ${selector}, ingress: [ { from: [ { podSelector: {} } ], ports: [ { port: ${name.length} } ] } ]`);

  test('the same pods by other words', () => {
    const source =
      v1('a', '{ matchLabels: { app: db } }') +
      v1('bb', '{ matchExpressions: [ { key: app, operator: In, values: [db] } ] }') +
      v1('ccc', '{ matchLabels: { app: db }, matchExpressions: [ { key: app, operator: Exists } ] }');
    expect(told(PODS + source, 'same-subject')).toEqual([
      'NetworkPolicies shop/a and shop/bb select the same pods: pods with app=db and any app in namespace shop, for example shop/db[Pod]. Merge them into one policy, unless they have different owners. | a spec.podSelector',
    ]);
  });

  test('not where namespaces differ, or one is inside the other', () => {
    const source =
      v1('a', '{ matchLabels: { app: db } }') +
      v1('bb', '{ matchLabels: { app: db } }').replace('namespace: shop', 'namespace: ops') +
      v1('ccc', '{}');
    expect([...told(source, 'same-subject'), ...told(source, 'overlapping-subject')]).toEqual([]);
  });

  test('an overlap with others is listed once, on the later policy', () => {
    const source =
      v1('a', '{ matchLabels: { app: web } }') +
      v1('bb', '{ matchLabels: { tier: x } }') +
      v1('ccc', '{ matchExpressions: [ { key: app, operator: NotIn, values: [db] } ] }');
    expect(told(source, 'overlapping-subject')).toEqual([
      'This policy shares some of its pods with shop/a, for example a pod with tier=x and app=web in namespace shop: for these pods, the rules of all policies apply together. If this is not intended, make the selectors equal or disjoint. | a spec.podSelector',
      'This policy shares some of its pods with shop/bb, for example a pod with tier=x in namespace shop: for these pods, the rules of all policies apply together. If this is not intended, make the selectors equal or disjoint. | bb spec.podSelector',
    ]);
  });
});
