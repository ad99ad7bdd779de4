import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol } = scratch();

const CLUSTER = `
# file: x.yaml
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x, labels: {app: a}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: x, labels: {app: b}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: x}
spec:
  podSelector: {matchLabels: {app: b}}
  policyTypes: [Ingress]
  ingress: [{action: Deny}, {from: [{podSelector: {}}], ports: [{port: "80"}]}]
`;

interface Answer {
  readonly connections: readonly { readonly src: string; readonly dst: string }[];
  readonly problems: readonly { readonly message: string }[];
}

const toB = ({ connections }: Answer): string[] => connections.filter(({ dst }) => dst.startsWith('x/b')).map(({ src }) => src);

test('a policy that the API server rejects fails closed, and is one problem', async () => {
  const { out } = await netpol('connections . --format json', CLUSTER);
  const answer: Answer = JSON.parse(out);
  expect(toB(answer)).toEqual([]);
  expect(answer.problems.map(({ message }) => message.split(':')[0])).toEqual(["The API server rejects NetworkPolicy 'x/p'"]);
});

test('--only-valid leaves it out as a whole', async () => {
  const { out } = await netpol('connections . --format json --only-valid', CLUSTER);
  const answer: Answer = JSON.parse(out);
  expect(toB(answer)).toContain('x/a[Pod]');
  expect(answer.problems).toHaveLength(1);
});

test('an explanation in which it takes part says what the answer is without it', async () => {
  const { out } = await netpol('explain --from x/a --to x/b . --format json', CLUSTER);
  const answer: { readonly verdict: string; readonly notes: readonly string[] } = JSON.parse(out);
  expect(answer.verdict).toBe('deny');
  expect(answer.notes).toContain("The API server rejects NetworkPolicy 'x/p'; without it the answer is 'allowed'.");
});
