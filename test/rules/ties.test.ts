import { describe, expect, test } from 'vitest';
import { v1, cnp, ALL, WEB, rule, tcp, ingress } from './terse-policies.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

describe('equal priorities', () => {
  const ties = (...documents: readonly string[]): number =>
    workspaceFindingsIn(documents.map((text, at) => `# file: policy-${at}.yaml\n${text}`).join('')).filter(
      ({ code }) => code === 'priority-tie',
    ).length;
  const one = cnp('a', 'Admin', 5, ingress(rule('Deny', ALL)));
  const other = cnp('b', 'Admin', 5, ingress(rule('Accept', WEB)));
  const webOfShop =
    'subject: { pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: web } } } }';

  test.each<[string, readonly string[]]>([
    ['an earlier policy settles what both speak of', [cnp('first', 'Admin', 1, ingress(rule('Accept', WEB))), one, other]],
    ['an earlier Pass lets both be skipped', [cnp('first', 'Admin', 1, ingress(rule('Pass', ALL))), one, other]],
    [
      'only for the pods that both are about',
      [
        cnp('first', 'Admin', 1, `${webOfShop}, ingress: [ ${rule('Deny', ALL)} ]`),
        cnp('a', 'Admin', 5, `${webOfShop}, ingress: [ ${rule('Deny', ALL)} ]`),
        other,
      ],
    ],
    [
      'the Admin tier settles what two of the Baseline tier speak of',
      [
        cnp('first', 'Admin', 1, ingress(rule('Deny', WEB))),
        cnp('a', 'Baseline', 5, ingress(rule('Deny', WEB))),
        cnp('b', 'Baseline', 5, ingress(rule('Accept', WEB))),
      ],
    ],
    [
      'NetworkPolicies isolate the pods of two of the Baseline tier',
      [
        v1('deny', 'podSelector: {}, policyTypes: [Ingress]'),
        cnp('a', 'Baseline', 5, ingress(rule('Deny', ALL))),
        cnp('b', 'Baseline', 5, ingress(rule('Accept', WEB))),
      ],
    ],
  ])('do not matter where %s', (_, documents) => expect(ties(...documents)).toBe(0));

  test.each<[string, readonly string[]]>([
    ['nothing comes before', [one, other]],
    ['what comes before is about less', [cnp('first', 'Admin', 1, ingress(rule('Accept', WEB, tcp(80)))), one, other]],
    [
      'what comes before is about some of the pods',
      [cnp('first', 'Admin', 1, `${webOfShop}, ingress: [ ${rule('Accept', WEB)} ]`), one, other],
    ],
    ['what comes before ties as well', [cnp('c', 'Admin', 5, ingress(rule('Accept', WEB))), one]],
  ])('matter where %s', (_, documents) => expect(ties(...documents)).toBe(1));

  const saying = (...documents: readonly string[]): readonly string[] =>
    workspaceFindingsIn(documents.map((text, at) => `# file: policy-${at}.yaml\n${text}`).join(''))
      .filter(({ code }) => code === 'priority-tie')
      .map(({ message }) => / For (.*?), the action/.exec(message)?.[1] ?? '')
      .slice(0, 1);
  const from = (action: string, namespaces: string): string => rule(action, `{ namespaces: { ${namespaces} } }`);
  const named = (name: string): string => `matchLabels: { kubernetes.io/metadata.name: ${name} }`;
  const red = cnp('a', 'Admin', 5, ingress(from('Deny', 'matchLabels: { team: red }')));
  const shop = cnp('b', 'Admin', 5, ingress(from('Accept', named('shop'))));
  const namespace = (name: string, labels: string): string =>
    `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name}, labels: { ${labels} } } }\n`;

  test('name the namespace where it needs a name and labels', () =>
    expect(saying(red, shop)).toEqual(['a pod in namespace shop with team=red to a pod in namespace shop with team=red on TCP 443']));

  test('do not matter where the labels of the namespace rule them out', () =>
    expect(saying(red, shop, namespace('shop', 'team: blue'))).toEqual([]));

  test('name the namespace alone where its labels follow', () => expect(saying(red, shop, namespace('shop', 'team: red'))).toHaveLength(1));

  test('do not matter where one namespace would need two values of a label', () =>
    expect(
      saying(
        cnp(
          'a',
          'Admin',
          5,
          `subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop, team: red } } }, ingress: [ ${from('Deny', named('shop'))} ]`,
        ),
        cnp('b', 'Admin', 5, ingress(from('Accept', 'matchLabels: { team: blue }'))),
      ),
    ).toEqual([]));

  const nodes = cnp(
    'a',
    'Admin',
    5,
    `subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ nodes: { matchLabels: { zone: z3 } } }] }]`,
  );
  const block = cnp('b', 'Admin', 5, `subject: { namespaces: {} }, egress: [{ action: Accept, to: [{ networks: [203.0.113.0/24] }] }]`);
  const node = (ip: string): string =>
    `{ apiVersion: v1, kind: Node, metadata: { name: n1, labels: { zone: z3 } }, status: { addresses: [{ type: InternalIP, address: ${ip} }] } }\n`;

  test('are about nodes that could have the address', () =>
    expect(saying(nodes, block)).toEqual(['a pod in namespace other to a node with zone=z3 at 203.0.113.0 on TCP 443']));

  test('are about the nodes that are known', () => {
    expect(saying(nodes, block, node('192.168.0.1'))).toEqual([]);
    expect(saying(nodes, block, node('203.0.113.7'))).toEqual([
      'a pod in namespace other to a node with zone=z3 at 203.0.113.7 on TCP 443',
    ]);
  });
});
