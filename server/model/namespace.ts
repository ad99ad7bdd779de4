import type { OtherKindEntry } from './kind.ts';
import { readLinkerd } from './linkerd.ts';
import { given, readLabels, textAt, type Reading } from './read.ts';
import type { Namespace } from './workload.ts';

/** The label that the API server gives every namespace; it holds the name and cannot be changed. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The namespace that every cluster has, with cluster DNS and other system pods in it. */
export const KUBE_SYSTEM = 'kube-system';

const LABELS_PATH = ['metadata', 'labels'];

/** v1 Namespace. */
export const namespace: OtherKindEntry = {
  role: 'namespace',
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  scope: 'Cluster',
  docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  formerly: [],
  read: (root) => {
    const unreadable: Reading = [];
    const metadata = given(root, 'metadata');
    const name = textAt(metadata, 'name', ['metadata'], unreadable) ?? '';
    const labels = readLabels(given(metadata, 'labels'), LABELS_PATH, unreadable);
    return {
      name,
      labels: { ...labels, [NAME_LABEL]: name },
      labelsPath: LABELS_PATH,
      ...readLinkerd(given(metadata, 'annotations')),
      unreadable: unreadable.map(({ path, why }) => `${path.join('.')} ${why}`),
    };
  },
};

/** A namespace that something names but no manifest defines: it has only the implied label. */
export function impliedNamespace(name: string): Namespace {
  return { name, labels: { [NAME_LABEL]: name }, labelsPath: LABELS_PATH, unreadable: [] };
}
