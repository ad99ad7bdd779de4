import type { PolicyKindEntry } from './kind.ts';
import { tieredKind } from './tiered.ts';
import { readPortV1alpha1, writePortV1alpha1 } from './v1alpha1.ts';

/** policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy: the Baseline tier, one policy named `default`. */
export const baselineAdminNetworkPolicy: PolicyKindEntry = tieredKind({
  kind: 'BaselineAdminNetworkPolicy',
  version: 'v1alpha1',
  alike: [],
  plural: 'baselineadminnetworkpolicies',
  summary: 'Allows or denies what no NetworkPolicy has decided, for the whole cluster.',
  successor: 'ClusterNetworkPolicy',
  onlyName: 'default',
  specFields: ['subject', 'ingress', 'egress'],
  fields: ['portNumber', 'namedPort'],
  actions: new Map([
    ['Accept', 'Allow'],
    ['Deny', 'Deny'],
  ]),
  portsField: 'ports',
  readPort: readPortV1alpha1,
  writePort: writePortV1alpha1,
  podsNeedNamespaces: true,
  readStage: () => 'baseline',
  hasPriority: false,
});
