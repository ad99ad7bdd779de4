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
  ])('matter where %s', (_, documents) => expect(ties(...documents)).toBe(2));
});
