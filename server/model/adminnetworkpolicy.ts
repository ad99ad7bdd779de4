import type { PolicyKindEntry } from './kind.ts';
import { tieredKind } from './tiered.ts';
import { readPortV1alpha1, writePortV1alpha1 } from './v1alpha1.ts';

/** policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy: the Admin tier before ClusterNetworkPolicy took over. */
export const adminNetworkPolicy: PolicyKindEntry = tieredKind({
  kind: 'AdminNetworkPolicy',
  version: 'v1alpha1',
  alike: [],
  plural: 'adminnetworkpolicies',
  summary: 'Allows, denies or passes connections for the whole cluster, before NetworkPolicies are evaluated.',
  successor: 'ClusterNetworkPolicy',
  specFields: ['priority', 'subject', 'ingress', 'egress'],
  fields: ['priority', 'domainNames', 'portNumber', 'namedPort'],
  actions: new Map([
    ['Accept', 'Allow'],
    ['Deny', 'Deny'],
    ['Pass', 'Pass'],
  ]),
  portsField: 'ports',
  readPort: readPortV1alpha1,
  writePort: writePortV1alpha1,
  podsNeedNamespaces: true,
  readStage: () => 'admin',
  hasPriority: true,
});
