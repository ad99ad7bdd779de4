import { describe, expect, test } from 'vitest';
import {
  v1,
  cnp,
  anp,
  banp,
  SHOP,
  ALL,
  WEB,
  OTHERS,
  rule,
  tcp,
  range,
  named,
  ingress,
  to,
  egress,
  allow,
  DB,
  FROM_WEB,
  FROM_SHOP,
  dead,
} from './terse-policies.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

describe('dead for sure', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'within a policy, behind several rules together',
      [cnp('a', 'Admin', 1, ingress(rule('Accept', WEB), rule('Deny', OTHERS), rule('Accept', ALL)))],
      ['a spec.ingress[2]: shadowed-rule'],
    ],
    [
      'behind ranges of ports that touch',
      [
        cnp(
          'a',
          'Admin',
          1,
          ingress(rule('Deny', ALL, range(1, 90)), rule('Deny', ALL, range(91, 200)), rule('Accept', WEB, range(80, 100))),
        ),
      ],
      ['a spec.ingress[2]: shadowed-rule'],
    ],
    [
      'a named port behind all ports of its protocols, and behind the same name',
      [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL, named), rule('Accept', WEB, named)))],
      ['a spec.ingress[1]: shadowed-rule'],
    ],
    [
      'an earlier policy of the tier',
      [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 2, ingress(rule('Accept', WEB)))],
      ['b spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'an earlier policy of the tier, all of it at once',
      [
        cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))),
        cnp('b', 'Admin', 2, ingress(rule('Accept', WEB, tcp(80)), rule('Accept', WEB, tcp(443)))),
      ],
      ['b metadata.name: shadowed-by-policy'],
    ],
    [
      'a Pass of an earlier policy',
      [cnp('a', 'Admin', 1, ingress(rule('Pass', WEB))), cnp('b', 'Admin', 2, ingress(rule('Deny', WEB), rule('Deny', ALL)))],
      ['b spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'the rules of several earlier policies together, own rules too',
      [
        cnp('a', 'Admin', 1, ingress(rule('Accept', WEB, tcp(80)))),
        cnp('b', 'Admin', 2, ingress(rule('Deny', WEB, range(81, 65535)))),
        cnp('c', 'Admin', 3, ingress(rule('Deny', WEB, range(1, 79)), rule('Accept', WEB, range(1, 65535)))),
      ],
      ['c spec.ingress[1]: shadowed-by-policy'],
    ],
    [
      'earlier policies that are about all of the pods only together',
      [
        cnp('a', 'Admin', 1, `subject: ${WEB}, ingress: [ ${rule('Deny', ALL)} ]`),
        cnp('b', 'Admin', 2, `subject: ${OTHERS}, ingress: [ ${rule('Accept', ALL)} ]`),
        cnp('c', 'Admin', 3, ingress(rule('Accept', WEB))),
      ],
      ['c spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'Admin before NetworkPolicy',
      [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))), v1('p', allow('{}', FROM_WEB))],
      ['p spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'Admin before NetworkPolicy, by subjects that are all pods only together',
      [
        cnp('a', 'Admin', 1, `subject: ${WEB}, ingress: [ ${rule('Deny', ALL)} ]`),
        cnp('b', 'Admin', 2, `subject: ${OTHERS}, ingress: [ ${rule('Deny', ALL)} ]`),
        v1('p', allow('{}', FROM_WEB)),
      ],
      ['p spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'Admin before Baseline, of either version',
      [
        cnp('a', 'Admin', 1, ingress(rule('Accept', ALL))),
        cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB))),
        banp(ingress(rule('Deny', WEB))),
      ],
      ['b spec.ingress[0]: shadowed-by-policy', 'default spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'ClusterNetworkPolicy before the BaselineAdminNetworkPolicy, which comes last',
      [cnp('a', 'Baseline', 1000, ingress(rule('Accept', ALL))), banp(ingress(rule('Deny', WEB)))],
      ['default spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'AdminNetworkPolicy and ClusterNetworkPolicy in one tier, by priority',
      [anp('a', 1, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 2, ingress(rule('Accept', WEB)))],
      ['b spec.ingress[0]: shadowed-by-policy'],
    ],
    [
      'networks of both families, and pods by address',
      [cnp('a', 'Admin', 1, egress(to('Deny', '0.0.0.0/0', '::/0'))), cnp('b', 'Admin', 2, egress(to('Accept', '10.0.0.0/8', 'fd00::/8')))],
      ['b spec.egress[0]: shadowed-by-policy'],
    ],
    [
      'an egress rule of a NetworkPolicy to anywhere',
      [
        cnp('a', 'Admin', 1, egress(to('Accept', '0.0.0.0/0', '::/0', 'pods'))),
        v1('p', 'podSelector: {}, policyTypes: [Egress], egress: [ {} ]'),
      ],
      ['p spec.egress[0]: shadowed-by-policy'],
    ],
    [
      'except is what another rule allows',
      [
        v1(
          'p',
          allow(
            '{}',
            '{ from: [ { ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } } ] }',
            '{ from: [ { ipBlock: { cidr: 10.1.0.0/16 } } ] }',
            '{ from: [ { ipBlock: { cidr: 10.0.0.0/15 } } ], ports: [ { port: 80, endPort: 90 } ] }',
          ),
        ),
      ],
      ['p spec.ingress[2]: redundant-rule'],
    ],
    [
      'a NetworkPolicy isolates what the Baseline is about',
      [v1('p', allow('{}', FROM_WEB)), cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB)))],
      ['b spec.ingress: unreachable-baseline-rule'],
    ],
    [
      'NetworkPolicies isolate the pods only together',
      [
        v1('p', allow(DB, FROM_WEB)),
        v1('q', 'podSelector: { matchExpressions: [ { key: app, operator: NotIn, values: [db] } ] }, policyTypes: [Ingress]'),
        cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB))),
      ],
      ['b spec.ingress: unreachable-baseline-rule'],
    ],
    [
      'the Baseline is about pods by their labels',
      [
        v1('p', allow('{ matchExpressions: [ { key: app, operator: Exists } ] }', FROM_WEB)),
        banp(
          `subject: { pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: ${DB} } }, ingress: [ ${rule('Deny', WEB)} ]`,
        ),
      ],
      ['default spec.ingress: unreachable-baseline-rule'],
    ],
    [
      'the later of two equal NetworkPolicies',
      [v1('p', allow(DB, FROM_WEB)), v1('q', allow(DB, FROM_WEB))],
      ['q metadata.name: redundant-policy'],
    ],
    [
      'the earlier of two about the same pods, where the later one allows more',
      [v1('p', allow(DB, FROM_WEB)), v1('q', allow(DB, FROM_SHOP))],
      ['p metadata.name: redundant-policy'],
    ],
    [
      'of three that say everything twice, one',
      [
        v1('p', allow(DB, '{ ports: [ { port: 1 }, { port: 2 } ] }')),
        v1('q', allow(DB, '{ ports: [ { port: 2 }, { port: 3 } ] }')),
        v1('r', allow(DB, '{ ports: [ { port: 1 }, { port: 3 } ] }')),
      ],
      ['r metadata.name: redundant-policy'],
    ],
    [
      'one rule of a NetworkPolicy, by a wider policy',
      [v1('p', allow('{}', FROM_SHOP)), v1('q', allow(DB, FROM_WEB, '{ from: [ { namespaceSelector: {} } ], ports: [ { port: 80 } ] }'))],
      ['q spec.ingress[0]: rule-covered-by-policy'],
    ],
    [
      'one rule, by rules of several policies and of its own together',
      [
        v1('p', allow('{}', '{ from: [ { podSelector: {} } ], ports: [ { port: 80, endPort: 85 } ] }')),
        v1('q', allow('{}', '{ from: [ { podSelector: {} } ], ports: [ { port: 86, endPort: 90 } ] }')),
        v1(
          'r',
          allow(
            DB,
            '{ from: [ { podSelector: {} } ], ports: [ { port: 91, endPort: 99 } ] }',
            '{ from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: 80, endPort: 95 } ] }',
          ),
        ),
      ],
      ['r spec.ingress[1]: rule-covered-by-policy'],
    ],
    [
      'of two equal rules only the later one',
      [v1('p', allow(DB, FROM_WEB, '{ ports: [ { port: 80 } ] }')), v1('q', allow(DB, FROM_WEB, '{ ports: [ { port: 443 } ] }'))],
      ['q spec.ingress[0]: rule-covered-by-policy'],
    ],
  ])('%s', (_, documents, expected) => expect(dead(...documents)).toEqual(expected));
});

describe('not dead, or not for sure', () => {
  test.each<[string, readonly string[]]>([
    [
      'a hole in what earlier rules match',
      [
        cnp(
          'a',
          'Admin',
          1,
          ingress(rule('Deny', ALL, range(1, 79)), rule('Deny', ALL, range(81, 65535)), rule('Accept', WEB, range(1, 65535))),
        ),
      ],
    ],
    ['all ports are more than all TCP ports', [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL, range(1, 65535)), rule('Accept', WEB)))]],
    ['a port by name may be any number', [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL, tcp(80)), rule('Accept', WEB, named)))]],
    ['a number may not have that name', [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL, named), rule('Accept', WEB, tcp(80))))]],
    ['pods have addresses that nobody knows', [cnp('a', 'Admin', 1, egress(to('Deny', '0.0.0.0/0', '::/0'), to('Accept', 'pods')))]],
    ['only IPv4 comes before', [cnp('a', 'Admin', 1, egress(to('Deny', '0.0.0.0/0'), to('Accept', '10.0.0.0/8', 'fd00::/8')))]],
    ['the later policy', [cnp('a', 'Admin', 2, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 1, ingress(rule('Accept', WEB)))]],
    ['equal priorities', [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 1, ingress(rule('Accept', WEB)))]],
    [
      'a subject that covers only a part',
      [cnp('a', 'Admin', 1, `subject: ${WEB}, ingress: [ ${rule('Deny', ALL)} ]`), cnp('b', 'Admin', 2, ingress(rule('Accept', WEB)))],
    ],
    ['the other direction', [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 2, egress(to('Accept', 'pods')))]],
    ['a Pass before the Deny', [cnp('a', 'Admin', 1, ingress(rule('Pass', WEB), rule('Deny', ALL))), v1('p', allow('{}', FROM_WEB))]],
    [
      'a Pass of an earlier policy, for some of the pods',
      [
        cnp('a', 'Admin', 1, `subject: ${WEB}, ingress: [ ${rule('Pass', WEB)} ]`),
        cnp('b', 'Admin', 2, ingress(rule('Deny', ALL))),
        v1('p', allow('{}', FROM_WEB)),
      ],
    ],
    [
      'a Pass of the same priority',
      [cnp('a', 'Admin', 1, ingress(rule('Deny', ALL))), cnp('b', 'Admin', 1, ingress(rule('Pass', WEB))), v1('p', allow('{}', FROM_WEB))],
    ],
    [
      'a subject made by a template',
      [
        cnp('a', 'Admin', 1, `subject: { namespaces: { matchLabels: { t: "{{ .Values.t }}" } } }, ingress: [ ${rule('Deny', ALL)} ]`),
        cnp('b', 'Admin', 2, ingress(rule('Accept', WEB))),
      ],
    ],
    [
      'a peer made by a template',
      [
        cnp('a', 'Admin', 1, ingress(rule('Deny', '{ namespaces: { matchLabels: { t: "{{ .Values.t }}" } } }'))),
        cnp('b', 'Admin', 2, ingress(rule('Accept', ALL))),
      ],
    ],
    [
      'a priority made by a template',
      [cnp('a', 'Admin', 5, ingress(rule('Deny', ALL))), cnp('b', 'Admin', '"{{ .Values.p }}"', ingress(rule('Accept', WEB)))],
    ],
    [
      'a tier made by a template, with a Pass',
      [
        cnp('a', 'Admin', 5, ingress(rule('Deny', ALL))),
        cnp('b', '"{{ .Values.t }}"', 1, ingress(rule('Pass', WEB))),
        v1('p', allow('{}', FROM_WEB)),
      ],
    ],
    [
      'a priority made by a template, with a Pass',
      [
        cnp('a', 'Admin', 5, ingress(rule('Deny', ALL))),
        cnp('b', 'Admin', '"{{ .Values.p }}"', ingress(rule('Pass', WEB))),
        v1('p', allow('{}', FROM_WEB)),
      ],
    ],
    [
      'rules made by a template may pass',
      [
        cnp('a', 'Admin', 1, `${SHOP}, ingress: "{{ .Values.rules }}"`),
        cnp('b', 'Admin', 2, ingress(rule('Deny', ALL))),
        v1('p', allow('{}', FROM_WEB)),
      ],
    ],
    [
      'an action made by a template may be Pass',
      [
        cnp('a', 'Admin', 1, ingress(rule('"{{ .Values.a }}"', WEB))),
        cnp('b', 'Admin', 2, ingress(rule('Deny', ALL))),
        v1('p', allow('{}', FROM_WEB)),
      ],
    ],
    [
      'types made by a template may not isolate',
      [v1('p', 'podSelector: {}, policyTypes: "{{ .Values.t }}"'), cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB)))],
    ],
    ['only some of the pods are isolated', [v1('p', allow(DB, FROM_WEB)), cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB)))]],
    [
      'isolated in the other direction',
      [v1('p', 'podSelector: {}, policyTypes: [Egress]'), cnp('b', 'Baseline', 1, ingress(rule('Deny', WEB)))],
    ],
    [
      'more namespaces than the isolated one',
      [
        v1('p', 'podSelector: {}, policyTypes: [Ingress]'),
        cnp('b', 'Baseline', 1, `subject: { namespaces: {} }, ingress: [ ${rule('Deny', WEB)} ]`),
      ],
    ],
    [
      'a wider policy that only closes',
      [
        v1('p', allow(DB, '{ from: [ { podSelector: {} } ], ports: [ { port: 80 } ] }')),
        v1('q', 'podSelector: {}, policyTypes: [Ingress, Egress]'),
      ],
    ],
    [
      'a wider policy that allows less',
      [v1('p', allow('{}', '{ from: [ { podSelector: {} } ], ports: [ { port: 80 } ] }')), v1('q', allow(DB, FROM_WEB))],
    ],
    [
      'a wider policy with something unreadable',
      [
        v1('p', allow('{}', FROM_SHOP, '{ from: "{{ .Values.from }}" }')),
        v1('q', allow(DB, FROM_WEB, '{ from: [ { namespaceSelector: {} } ], ports: [ { port: 80 } ] }')),
      ],
    ],
    [
      'names in Accept, addresses in Deny',
      [
        cnp(
          'a',
          'Admin',
          1,
          `${SHOP}, egress: [ { action: Accept, to: [ { domainNames: ['example.com'] } ] }, ${to('Deny', '0.0.0.0/0', '::/0')} ]`,
        ),
      ],
    ],
    [
      'a Pass that another one of the same priority needs',
      [cnp('a', 'Admin', 1, ingress(rule('Pass', WEB))), cnp('b', 'Admin', 1, ingress(rule('Deny', ALL)))],
    ],
  ])('%s', (_, documents) => expect(dead(...documents)).toEqual([]));
});

test('two policies whose priorities are made by a template do not tie for sure', () => {
  const documents = [
    cnp('a', 'Admin', '"{{ .Values.a }}"', ingress(rule('Accept', WEB))),
    cnp('b', 'Admin', '"{{ .Values.b }}"', ingress(rule('Deny', WEB))),
  ];
  expect(
    workspaceFindingsIn(documents.join('---\n'))
      .map(({ code }) => code)
      .filter((code) => code === 'priority-tie'),
  ).toEqual([]);
});

test('a last Pass of the Baseline tier that is never reached is told of once', () => {
  const codes = (...rules: readonly string[]): readonly string[] =>
    workspaceFindingsIn(cnp('a', 'Baseline', 1, ingress(...rules)))
      .map(({ code }) => code)
      .filter((code) => code === 'baseline-pass-last' || code === 'shadowed-rule');
  expect(codes(rule('Deny', ALL), rule('Pass', WEB))).toEqual(['shadowed-rule']);
  expect(codes(rule('Deny', WEB), rule('Pass', ALL))).toEqual(['baseline-pass-last']);
});

test.each(['StatefulSet', 'Deployment'])('a policy by which the pods of one %s reach each other changes something', (kind) => {
  const meta = (name: string): string => `metadata: { name: ${name}, namespace: shop }`;
  const codes = (text: string): readonly string[] =>
    workspaceFindingsIn([text, v1('ring', allow(DB, '{ from: [ { podSelector: { matchLabels: { app: db } } } ] }'))].join('---\n'))
      .map(({ code }) => code)
      .filter((code) => code === 'vacuous-policy');
  const deny = v1('deny', 'podSelector: {}, policyTypes: [Ingress]');
  const db = `apiVersion: apps/v1\nkind: ${kind}\n${meta('db')}\nspec: { template: { metadata: { labels: { app: db } } } }\n`;
  const web = `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: web } }\n`;
  expect(codes([deny, db, web].join('---\n'))).toEqual([]);
  const alone = `apiVersion: v1\nkind: Pod\nmetadata: { name: db, namespace: shop, labels: { app: db } }\n`;
  expect(codes([deny, alone, web].join('---\n'))).toEqual(['vacuous-policy']);
});
