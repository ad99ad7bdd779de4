import { adminNetworkPolicy } from './adminnetworkpolicy.ts';
import { baselineAdminNetworkPolicy } from './baselineadminnetworkpolicy.ts';
import { clusterNetworkPolicy } from './clusternetworkpolicy.ts';
import { controllers } from './controllers.ts';
import { apiVersionOf, type Kind, type OtherKindEntry, type PolicyKindEntry } from './kind.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './networkpolicy.ts';
import { node } from './node.ts';
import { pod } from './pod.ts';
import { service } from './service.ts';

export type { Kind } from './kind.ts';

/** The policy APIs. A new one is one file, one line here, one schema and one snippet file. */
export const POLICY_KINDS: readonly PolicyKindEntry[] = [
  networkPolicy,
  clusterNetworkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
];

/** What policies act on. */
const OTHER_KINDS: readonly OtherKindEntry[] = [pod, ...controllers, namespace, service, node];

/** Every kind that is read. */
export const KINDS: readonly Kind[] = [...POLICY_KINDS, ...OTHER_KINDS];

/** The groups of the policy APIs. */
export const POLICY_GROUPS: readonly string[] = [...new Set(POLICY_KINDS.map((kind) => kind.group))];

/** The policy kind of a name; its apiVersion is not looked at. */
export function policyKind(name: string): PolicyKindEntry | undefined {
  return POLICY_KINDS.find((kind) => kind.kind === name);
}

/** The kind that is read of an object with this apiVersion and kind, past versions of workloads included. */
export function kindOf(apiVersion: string, name: string): Kind | undefined {
  return KINDS.find(
    (kind) => kind.kind === name && (apiVersionOf(kind) === apiVersion || (kind.role !== 'policy' && kind.formerly.includes(apiVersion))),
  );
}
