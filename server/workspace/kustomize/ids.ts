import { get, type Node } from '../../syntax/tree.ts';
import { textOfScalar } from './values.ts';

/** Group, version and kind; `''` where a part is not said. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** How kustomize tells objects apart. */
export interface Id extends Gvk {
  readonly name: string;
  readonly namespace: string;
}

/** Group and version of an `apiVersion`. */
export function groupVersion(apiVersion: string): Pick<Gvk, 'group' | 'version'> {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The id that an object has now. */
export function idOf(root: Node): Id {
  const metadata = get(root, 'metadata');
  return {
    ...groupVersion(textOfScalar(get(root, 'apiVersion')) ?? ''),
    kind: textOfScalar(get(root, 'kind')) ?? '',
    name: textOfScalar(get(metadata, 'name')) ?? '',
    namespace: textOfScalar(get(metadata, 'namespace')) ?? '',
  };
}

/** Kinds of the Kubernetes API that have no namespace, as far as kustomize knows them (kyaml `openapi`). Custom ones count as namespaced. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(
  [
    'admissionregistration.k8s.io/ MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
    'apiextensions.k8s.io/ CustomResourceDefinition',
    'apiregistration.k8s.io/ APIService',
    'certificates.k8s.io/ CertificateSigningRequest',
    'flowcontrol.apiserver.k8s.io/ FlowSchema PriorityLevelConfiguration',
    'networking.k8s.io/ IngressClass',
    'node.k8s.io/ RuntimeClass',
    'policy/ PodSecurityPolicy',
    'rbac.authorization.k8s.io/ ClusterRole ClusterRoleBinding',
    'scheduling.k8s.io/ PriorityClass',
    'storage.k8s.io/ CSIDriver CSINode StorageClass VolumeAttachment',
    '/ ComponentStatus Namespace Node NodeProxyOptions PersistentVolume',
  ].flatMap((line) => {
    const [group = '', ...kinds] = line.split(' ');
    return kinds.map((kind) => `${group}${kind}`);
  }),
);

/** Is the object surely not in a namespace? */
export function isClusterScoped({ group, version, kind }: Gvk): boolean {
  return (group !== '' || version === 'v1') && CLUSTER_SCOPED.has(`${group}/${kind}`);
}

/** The namespace by which objects are distinguished: none for cluster-scoped ones, `default` where none is written. */
export function effectiveNamespace(id: Id): string {
  if (isClusterScoped(id)) return '_';
  return id.namespace === '' ? 'default' : id.namespace;
}

/** Equal for ids of the same object. */
export function keyOfId(id: Id): string {
  return `${id.group}/${id.version}/${id.kind}/${effectiveNamespace(id)}/${id.name}`;
}

/** `NetworkPolicy 'shop/web'`. */
export function titleOfId({ kind, namespace, name }: Id): string {
  return `${kind} '${namespace === '' ? '' : `${namespace}/`}${name}'`;
}

/** Does what a selector says of group, version and kind hold? What it does not say holds. */
export function isKind(gvk: Gvk, pattern: Partial<Gvk>): boolean {
  const holds = (part: keyof Gvk): boolean => pattern[part] === undefined || pattern[part] === '' || pattern[part] === gvk[part];
  return holds('group') && holds('version') && holds('kind');
}
