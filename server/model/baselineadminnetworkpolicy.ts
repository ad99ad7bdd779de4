import type { PolicyKindEntry } from './kind.ts';
import { readTiered } from './tiered.ts';
import { readPortV1alpha1 } from './v1alpha1.ts';

/** policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy: the Baseline tier, one policy named `default`. */
export const baselineAdminNetworkPolicy: PolicyKindEntry = {
  role: 'policy',
  group: 'policy.networking.k8s.io',
  version: 'v1alpha1',
  kind: 'BaselineAdminNetworkPolicy',
  plural: 'baselineadminnetworkpolicies',
  scope: 'Cluster',
  summary: 'Allows or denies what no NetworkPolicy has decided, for the whole cluster.',
  docs: 'https://network-policy-api.sigs.k8s.io/api-overview/',
  formerly: [],
  channels: true,
  successor: 'ClusterNetworkPolicy',
  read: (root) =>
    readTiered(root, {
      kind: 'BaselineAdminNetworkPolicy',
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      specFields: ['subject', 'ingress', 'egress'],
      actions: new Map([
        ['Allow', 'Accept'],
        ['Deny', 'Deny'],
      ]),
      portsField: 'ports',
      readPort: readPortV1alpha1,
      podsNeedNamespaces: true,
      readTier: () => 'Baseline',
      hasPriority: false,
    }),
};
