import { adminNetworkPolicy } from './adminnetworkpolicy.ts';
import { autoscalers } from './autoscalers.ts';
import { baselineAdminNetworkPolicy } from './baselineadminnetworkpolicy.ts';
import { bindings } from './bindings.ts';
import { clusterNetworkPolicy } from './clusternetworkpolicy.ts';
import { configMap } from './configmap.ts';
import { controllers } from './controllers.ts';
import { ingress } from './ingress.ts';
import { apiVersionOf, apiVersionsOf, type CallerKindEntry, type Kind, type OtherKindEntry, type PolicyKindEntry } from './kind.ts';
import { monitors } from './monitors.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './networkpolicy.ts';
import { node } from './node.ts';
import { pod } from './pod.ts';
import type { PolicyKind } from './policy.ts';
import { prometheusKinds } from './prometheus.ts';
import { otherRoutes } from './other-routes.ts';
import { routes } from './routes.ts';
import { service } from './service.ts';
import { UNEVALUATED_KINDS } from './unevaluated/kinds.ts';
import { webhooks } from './webhooks.ts';

export type { Kind } from './kind.ts';

/** The policy APIs. A new one is one file, one line here, one schema and one snippet file. */
export const POLICY_KINDS: readonly PolicyKindEntry[] = [
  networkPolicy,
  clusterNetworkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
];

/** What policies act on. */
const OTHER_KINDS: readonly OtherKindEntry[] = [pod, ...controllers, ...prometheusKinds, namespace, service, node];

/** What says who connects to what. */
export const CALLER_KINDS: readonly CallerKindEntry[] = [
  ingress,
  ...routes,
  ...otherRoutes,
  ...webhooks,
  ...monitors,
  ...bindings,
  ...autoscalers,
  configMap,
];

/** Every kind that is read. */
export const KINDS: readonly Kind[] = [...POLICY_KINDS, ...OTHER_KINDS, ...UNEVALUATED_KINDS, ...CALLER_KINDS];

/** The groups of the policy APIs. */
export const POLICY_GROUPS: readonly string[] = [...new Set(POLICY_KINDS.map((kind) => kind.group))];

/** The policy kind of a name; its apiVersion is not looked at. */
export function policyKind(name: string): PolicyKindEntry | undefined {
  return POLICY_KINDS.find((kind) => kind.kind === name);
}

/** The entry of the kind of a policy. */
export function entryOf({ kind }: { readonly kind: PolicyKind }): PolicyKindEntry {
  return ENTRIES[kind];
}

const ENTRIES: Readonly<Record<PolicyKind, PolicyKindEntry>> = {
  NetworkPolicy: networkPolicy,
  ClusterNetworkPolicy: clusterNetworkPolicy,
  AdminNetworkPolicy: adminNetworkPolicy,
  BaselineAdminNetworkPolicy: baselineAdminNetworkPolicy,
};

/** The kind that is read of an object with this apiVersion and kind, past versions of workloads included. */
export function kindOf(apiVersion: string, name: string): Kind | undefined {
  return KINDS.find(
    (kind) =>
      kind.kind === name &&
      (kind.role === 'policy'
        ? apiVersionsOf(kind).includes(apiVersion)
        : apiVersionOf(kind) === apiVersion || kind.formerly.includes(apiVersion)),
  );
}
