import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { conversionActions } from '../../server/features/conversion-actions.ts';
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
