import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { conversionActions, conversionChange, conversionOffers } from '../../server/features/conversion-actions.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { workspaceAt } from '../checks.ts';

/** The conversions offered at `$0`: the title of each, and the text that it makes. */
function conversionsAt(source: string): string {
  const { context, cursor } = workspaceAt(source);
  const actions = finished(conversionActions(context, { start: cursor, end: cursor }));
  return actions.map(({ title, edits }) => `${title}\n${applyEdits(textOf(context.file), edits)}`).join('\n') || 'nothing';
}

const OTHER = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
`;

test('an AdminNetworkPolicy is offered as a ClusterNetworkPolicy, in its place in the file', () => {
  const source = `${OTHER}# Ours.
apiVersion: policy.networking.k8s.io/v1alpha1
kind: Admin$0NetworkPolicy
metadata: {name: guard}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Allow, from: [{namespaces: {}}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: last}
`;
  expect(conversionsAt(source)).toBe(`Convert to ClusterNetworkPolicy (same verdicts in the workspace and in 200 generated clusters)
${OTHER}# Ours.
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: guard
spec:
  tier: Admin
  priority: 10
  subject:
    namespaces: {}
  ingress:
    - action: Accept
      from:
        - namespaces: {}
---
apiVersion: v1
kind: Namespace
metadata: {name: last}
`);
});

test('nothing is offered below its first lines, nor for a NetworkPolicy where no network plugin is in use', () => {
  expect(
    conversionsAt(`apiVersion: networking.k8s.io/v1
kind: Network$0Policy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
`),
  ).toBe('nothing');
});

const POLICIES = `# file: a.yaml
apiVersion: networking.k8s.io/v1
kind: Network$0Policy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: proxy}}}]}]
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
# file: b.yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: one}
spec: {tier: Admin, priority: 5, subject: {namespaces: {}}, ingress: [{name: a, action: Accept, from: [{namespaces: {matchLabels: {a: b}}}]}]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: two}
spec: {tier: Admin, priority: 6, subject: {namespaces: {}}, ingress: [{name: a, action: Accept, from: [{namespaces: {matchLabels: {a: c}}}]}]}
---
apiVersion: crd.antrea.io/v1beta1
kind: ClusterNetworkPolicy
metadata: {name: antrea}
spec: {tier: emergency, priority: 5, appliedTo: [{namespaceSelector: {matchLabels: {a: b}}}], ingress: [{name: ssh, action: Drop, ports: [{port: 22}]}]}
`;

test('the policies of a file and of the workspace are offered, and worked out when chosen', () => {
  const { context, cursor } = workspaceAt(POLICIES);
  const offers = conversionOffers(context, { start: cursor, end: cursor });
  expect(offers.map(({ title }) => title)).toEqual([
    'Convert 2 policies of this file to Antrea…',
    'Convert 4 policies of the workspace to Antrea…',
  ]);
  const [inFile, inAll] = offers.map((offer) => finished(conversionChange(context.snapshot, context.uri, offer, context.settings)));
  expect(inFile?.files.map(({ uri, edits }) => [uri, edits.length])).toEqual([['file:///workspace/a.yaml', 2]]);
  expect(inAll?.files.map(({ uri, edits }) => [uri, edits.length])).toEqual([
    ['file:///workspace/a.yaml', 2],
    ['file:///workspace/b.yaml', 2],
  ]);
  // The tier that both results need is written once.
  const texts = inAll?.files.flatMap(({ edits }) => edits.map(({ text }) => text)).join('\n') ?? '';
  expect(texts.match(/kind: Tier/g)).toHaveLength(1);
  expect(inAll?.about).toMatch(/^Proved: same verdicts in the workspace and in 200 generated clusters\./);
  expect(inAll?.refused).toEqual([]);
});

test('a policy that is known in part stays, with the reason, and the others of the file are converted', () => {
  const { context, cursor } = workspaceAt(POLICIES.replace('{podSelector: {matchLabels: {app: proxy}}}', '{podSelecto: {}}'));
  const [offer] = conversionOffers(context, { start: cursor, end: cursor });
  const change = offer && finished(conversionChange(context.snapshot, context.uri, offer, context.settings));
  expect(change?.files.map(({ edits }) => edits.length)).toEqual([1]);
  expect(change?.refused).toHaveLength(1);
  expect(change?.refused[0]).toContain("NetworkPolicy 'shop/web'");
});
