/** Where a label is from, and its key: `k8s:app` is the label `app` of Kubernetes, `reserved:host` an identity that Cilium made up. */
export interface LabelKey {
  /** `any` where the key names no source. */
  readonly source: string;
  readonly key: string;
}

/** Reads a key of a selector as Cilium does (cilium `pkg/labels`, ParseSource): the source ends at the first colon. */
export function parseLabelKey(text: string): LabelKey {
  const { source, rest } = splitSource(text);
  const equals = rest.indexOf('=');
  return { source: source === '' ? 'any' : source, key: equals === -1 ? rest : rest.slice(0, equals) };
}

function splitSource(text: string): { readonly source: string; readonly rest: string } {
  if (text.startsWith('$')) return { source: 'reserved', rest: text.slice(1) };
  const colon = text.indexOf(':');
  if (colon >= 0) return { source: text.slice(0, colon), rest: text.slice(colon + 1) };
  return text.startsWith('reserved.') ? { source: 'reserved', rest: text.slice('reserved.'.length) } : { source: '', rest: text };
}

/** The key as Cilium checks and stores it: `k8s.app`, `any.app`. It must be a label key of Kubernetes. */
export function extendedKey(text: string): string {
  const { source, key } = parseLabelKey(text);
  return `${source}.${key}`;
}

/** The label that holds the name of the namespace of a pod. */
export const POD_NAMESPACE = 'io.kubernetes.pod.namespace';

/** In front of the keys of the labels of the namespace of a pod. */
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** The label that holds the name of the service account of a pod. */
export const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';

/** The label that holds the name of the cluster of a pod. */
export const CLUSTER_NAME = 'io.cilium.k8s.policy.cluster';
