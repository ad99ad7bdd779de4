import type { OtherKindEntry } from './kind.ts';
import { given, readLabels, readMetadata, type Reading } from './read.ts';

/** v1 ServiceAccount: some policy APIs select pods by the labels of the account that they run as. */
export const serviceAccount: OtherKindEntry = {
  role: 'account',
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/security/service-accounts/',
  formerly: [],
  read: (root) => {
    const unreadable: Reading = [];
    const { name, namespace } = readMetadata(root, unreadable);
    const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], unreadable);
    return { name, namespace, labels, unreadable: unreadable.map(({ path, why }) => `${path.join('.')} ${why}`) };
  },
};
