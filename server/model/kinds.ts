import { adminNetworkPolicy } from './adminnetworkpolicy.ts';
import { autoscalers } from './autoscalers.ts';
import { baselineAdminNetworkPolicy } from './baselineadminnetworkpolicy.ts';
import { bindings } from './bindings.ts';
import { clusterNetworkPolicy } from './clusternetworkpolicy.ts';
import { configMap } from './configmap.ts';
import { controllers } from './controllers.ts';
import { endpointSlice } from './endpointslice.ts';
import { ingress } from './ingress.ts';
import { ANTREA_KINDS } from './antrea/kinds.ts';
import { CALICO_KINDS } from './calico/kinds.ts';
import { CILIUM_KINDS } from './cilium/kinds.ts';
import type { Api } from './api.ts';
import {
  apiVersionOf,
  apiVersionsOf,
  isJudged,
  type CallerKindEntry,
  type JudgedKindEntry,
  type Kind,
  type OtherKindEntry,
  type PolicyKindEntry,
} from './kind.ts';
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
import { serviceAccount } from './serviceaccount.ts';
import { UNEVALUATED_KINDS } from './unevaluated/kinds.ts';
import { webhooks } from './webhooks.ts';

export type { Kind } from './kind.ts';

/** The policy kinds of Kubernetes. A new one is one file, one line here, one schema and one snippet file. */
export const UPSTREAM_KINDS: readonly PolicyKindEntry[] = [
  networkPolicy,
  clusterNetworkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
];

/** What the APIs of network plugins bring: policies, and the objects that these refer to. */
export const VENDOR_KINDS: readonly JudgedKindEntry[] = [...CILIUM_KINDS, ...CALICO_KINDS, ...ANTREA_KINDS];

/** Every kind that is judged, those of Kubernetes first. */
export const JUDGED_KINDS: readonly JudgedKindEntry[] = [...UPSTREAM_KINDS, ...VENDOR_KINDS];

/** Every policy kind, those of Kubernetes first. */
export const POLICY_KINDS: readonly PolicyKindEntry[] = JUDGED_KINDS.filter((kind) => kind.role === 'policy');

/** What policies act on. */
const OTHER_KINDS: readonly OtherKindEntry[] = [
  pod,
  ...controllers,
  ...prometheusKinds,
  namespace,
  service,
  node,
  serviceAccount,
  endpointSlice,
];

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

/** Policy kinds that are not evaluated at all: those that the registry does not have as policies. */
const UNEVALUATED: readonly OtherKindEntry[] = UNEVALUATED_KINDS.filter(
  ({ group, kind }) => !VENDOR_KINDS.some((one) => one.group === group && one.kind === kind),
);

/** Every kind that is read. */
export const KINDS: readonly Kind[] = [...JUDGED_KINDS, ...OTHER_KINDS, ...UNEVALUATED, ...CALLER_KINDS];

/** The groups of the policy APIs of Kubernetes. */
export const POLICY_GROUPS: readonly string[] = [...new Set(UPSTREAM_KINDS.map((kind) => kind.group))];

/** The policy kind of a name in an API; without one that of Kubernetes where it has such a kind, else that of a vendor. */
export function policyKind(name: string, api?: Api): PolicyKindEntry | undefined {
  return POLICY_KINDS.find((kind) => kind.kind === name && (api === undefined || kind.api === api));
}

/** The entry of the kind of an object that is judged. */
export function judgedKind(object: { readonly api: Api; readonly kind: string }): JudgedKindEntry | undefined {
  return JUDGED_KINDS.find(({ api, kind }) => api === object.api && kind === object.kind);
}

/** The entry of the kind of a policy. */
export function entryOf({ api, kind }: { readonly api: Api; readonly kind: PolicyKind }): PolicyKindEntry {
  return policyKind(kind, api) ?? networkPolicy;
}

/** The kind that is read of an object with this apiVersion and kind, past versions of workloads included. */
export function kindOf(apiVersion: string, name: string): Kind | undefined {
  return KINDS.find(
    (kind) =>
      kind.kind === name &&
      (isJudged(kind) ? apiVersionsOf(kind).includes(apiVersion) : apiVersionOf(kind) === apiVersion || kind.formerly.includes(apiVersion)),
  );
}
