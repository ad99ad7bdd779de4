import type { PolicyKindEntry } from './kind.ts';
import { readTiered } from './tiered.ts';
import { readPortV1alpha1 } from './v1alpha1.ts';

/** policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy: the Admin tier before ClusterNetworkPolicy took over. */
export const adminNetworkPolicy: PolicyKindEntry = {
  role: 'policy',
  group: 'policy.networking.k8s.io',
  version: 'v1alpha1',
  kind: 'AdminNetworkPolicy',
  plural: 'adminnetworkpolicies',
  scope: 'Cluster',
  summary: 'Allows, denies or passes connections for the whole cluster, before NetworkPolicies are asked.',
  docs: 'https://network-policy-api.sigs.k8s.io/api-overview/',
  formerly: [],
  channels: true,
  successor: 'ClusterNetworkPolicy',
  read: (root) =>
    readTiered(root, {
      kind: 'AdminNetworkPolicy',
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      specFields: ['priority', 'subject', 'ingress', 'egress'],
      actions: new Map([
        ['Allow', 'Accept'],
        ['Deny', 'Deny'],
        ['Pass', 'Pass'],
      ]),
      portsField: 'ports',
      readPort: readPortV1alpha1,
      podsNeedNamespaces: true,
      readTier: () => 'Admin',
      hasPriority: true,
    }),
};
