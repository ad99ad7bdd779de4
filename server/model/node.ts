import { itemsOf, stringOf } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { given, readLabels, textAt, type Reading } from './read.ts';

/** v1 Node, which `nodes` peers select by its labels. */
export const node: OtherKindEntry = {
  role: 'node',
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  scope: 'Cluster',
  docs: 'https://kubernetes.io/docs/concepts/architecture/nodes/',
  formerly: [],
  read: (root) => {
    const unreadable: Reading = [];
    const metadata = given(root, 'metadata');
    const addresses = itemsOf(given(given(root, 'status'), 'addresses'));
    return {
      name: textAt(metadata, 'name', ['metadata'], unreadable) ?? '',
      labels: readLabels(given(metadata, 'labels'), ['metadata', 'labels'], unreadable),
      ips: addresses.flatMap((address) =>
        /^(?:Internal|External)IP$/.test(stringOf(given(address, 'type')) ?? '') ? (stringOf(given(address, 'address')) ?? []) : [],
      ),
      unreadable: unreadable.map(({ path, why }) => `${path.join('.')} ${why}`),
    };
  },
};
