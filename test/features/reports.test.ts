import { finished } from '../../server/base/work.ts';
import { markdownParts } from '../../server/features/reports/markdown.ts';
import { expect, test, type Assertion } from 'vitest';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { htmlPage } from '../../server/features/reports/html.ts';
import { matrixReport } from '../../server/features/reports/matrix.ts';
import { policyReport } from '../../server/features/reports/policy-report.ts';
import type { Report } from '../../server/features/reports/report.ts';
import { clusterOf } from '../eval/cluster.ts';

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\n`;
const policy = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: guard, namespace: shop}\nspec: ${spec}\n`;
const networkPolicy = (spec: string): string => policy('networking.k8s.io/v1', 'NetworkPolicy', spec);
const PODS = [pod('web'), pod('db')];

function textOf(report: Report | undefined): string {
  return report
    ? markdownParts(report)
        .map((part) => (typeof part === 'string' ? part : part.text))
        .join('')
    : 'nothing';
}

function checkPolicyReport(...texts: readonly string[]): Assertion<string> {
  const cluster = clusterOf({ 'a.yaml': texts.join('---\n') });
  const [first] = cluster.policies;
  return expect(textOf(first && policyReport(evaluationOf(cluster), first)));
}

function checkMatrix(...texts: readonly string[]): Assertion<string> {
  return expect(textOf(finished(matrixReport(evaluationOf(clusterOf({ 'a.yaml': texts.join('---\n') }))))));
}

test('addresses outside come first, in words', () => {
  checkPolicyReport(...PODS, networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress], ingress: [{}]}'))
    .toMatchInlineSnapshot(`
      "# NetworkPolicy shop/guard

      It selects pods with app=db in namespace shop: 1 workload in this workspace.

      - shop/db[Pod]

      ## What this policy allows to them

      - any address → shop/db[Pod]: all traffic
      - shop/web[Pod] → shop/db[Pod]: all traffic

      ## What this policy allows from them

      No destination.

      ## Who can connect to them, all policies together

      - any address → shop/db[Pod]: all traffic
      - shop/web[Pod] → shop/db[Pod]: all traffic

      ## Where they can connect to, all policies together

      No destination.
      "
    `);
});

test('a family that is left out is named by the other', () => {
  const block = (cidr: string): string =>
    networkPolicy(`{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}]}]}`);
  checkMatrix(pod('db'), block('0.0.0.0/0')).toMatchInlineSnapshot(`
    "# Allowed connections

    | from | to | traffic |
    | --- | --- | --- |
    | any address | \`shop/db[Pod]\` | all traffic |
    | \`shop/db[Pod]\` | any IPv4 address | all traffic |
    "
  `);
  checkMatrix(pod('db'), block('"::/0"')).toMatchInlineSnapshot(`
    "# Allowed connections

    | from | to | traffic |
    | --- | --- | --- |
    | any address | \`shop/db[Pod]\` | all traffic |
    | \`shop/db[Pod]\` | any IPv6 address | all traffic |
    "
  `);
  checkMatrix(pod('db'), block('192.0.2.10/32')).toMatchInlineSnapshot(`
    "# Allowed connections

    | from | to | traffic |
    | --- | --- | --- |
    | any address | \`shop/db[Pod]\` | all traffic |
    | \`shop/db[Pod]\` | 192.0.2.10 | all traffic |
    "
  `);
  checkMatrix(pod('db'), block('10.0.0.0/8, except: [10.1.0.0/16]')).toMatchInlineSnapshot(`
    "# Allowed connections

    | from | to | traffic |
    | --- | --- | --- |
    | any address | \`shop/db[Pod]\` | all traffic |
    | \`shop/db[Pod]\` | 10.0.0.0/16, 10.2.0.0–10.255.255.255 | all traffic |
    "
  `);
});

test('what is not evaluated is named', () => {
  const unevaluated = policy('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', '{podSelector: {}, ingress: [{}]}');
  checkMatrix(...PODS, unevaluated).toMatchInlineSnapshot(`
    "# Allowed connections

    Not listed as allowed: connections that depend on policies that are not evaluated (Amazon EKS ApplicationNetworkPolicy 'shop/guard').

    | from | to | traffic |
    | --- | --- | --- |
    | \`shop/db[Pod]\` | any address | all traffic |
    | \`shop/web[Pod]\` | any address | all traffic |
    "
  `);
  checkPolicyReport(pod('web'), networkPolicy('{podSelector: {}}'), unevaluated).toMatchInlineSnapshot(`
    "# NetworkPolicy shop/guard

    It selects every pod in namespace shop: 1 workload in this workspace.

    - shop/web[Pod]

    ## Not evaluated

    These may select some of them too, so connections that they may decide are not listed:

    - Amazon EKS ApplicationNetworkPolicy 'shop/guard'

    ## What this policy allows to them

    No source.

    ## Who can connect to them, all policies together

    No source is certain; some connections are unknown.

    ## Where they can connect to, all policies together

    - shop/web[Pod] → any address: all traffic
    "
  `);
});

test('no source is said to be none where a policy that is not evaluated may decide', () => {
  const other = (selector: string): string =>
    policy('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', `{podSelector: {matchLabels: {app: ${selector}}}, ingress: [{}]}`);
  const guard = networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}');
  checkPolicyReport(...PODS, guard, other('web')).toContain('No destination is certain; some connections are unknown.');
  checkPolicyReport(...PODS, guard, other('x')).toContain('shop/db[Pod] → shop/web[Pod]: all traffic');
});

test('a table that leaves out what is denied does not claim that more is allowed', () => {
  const cluster = clusterOf({ 'a.yaml': [...PODS, networkPolicy('{podSelector: {}}')].join('---\n') });
  const report = finished(matrixReport(evaluationOf(cluster), { maxPairs: 100, maxDeniedPairs: 1 }));
  expect(textOf(report)).not.toContain('More connections');
  const page = [...htmlPage(report, { linkTo: () => undefined })].join('');
  expect(page).not.toContain('More connections');
  expect(page).toContain('<p>Not all denied connections are listed.</p>');
});
