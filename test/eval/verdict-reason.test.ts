import { expect, test } from 'vitest';
import { explain } from '../../server/eval/explain.ts';
import { verdictReason } from '../../server/eval/verdict-reason.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\n`;
const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
const cnp = (name: string, action: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{name: everybody, action: ${action}, from: [{namespaces: {}}]}]}\n`;

test.each([
  ['no policy', [], 'Allowed by default: no policy decides this connection.'],
  ['a rule that allows', [np('db', '{podSelector: {}, ingress: [{}]}')], 'Allowed by NetworkPolicy shop/db.'],
  ['a Deny with a name', [cnp('guard', 'Deny')], "Denied by ClusterNetworkPolicy guard (Admin, 'everybody')."],
  [
    'isolation',
    [np('a', '{podSelector: {}}'), np('b', '{podSelector: {}}')],
    'Denied: NetworkPolicy shop/a and NetworkPolicy shop/b isolate the pod for ingress, and no rule allows it.',
  ],
  [
    'a tie',
    [cnp('one', 'Deny'), cnp('two', 'Accept')],
    "Undefined: ClusterNetworkPolicy one (Admin, 'everybody') and ClusterNetworkPolicy two (Admin, 'everybody') have the same priority and different actions.",
  ],
  [
    'what is not evaluated',
    [
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: db, namespace: shop}\nspec: {endpointSelector: {}, ingress: [{}]}\n',
    ],
    'Unknown: CiliumNetworkPolicy shop/db (Cilium) may decide and is not evaluated.',
  ],
])('%s', (_name, policies, expected) => {
  const cluster = clusterOf({ 'a.yaml': [pod('web'), pod('db'), ...policies].join('---\n') }, 'kubernetes');
  const answer = explain(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/db'), protocol: 'TCP', port: 80 });
  expect(verdictReason(answer)).toBe(expected);
});
