import { list, plain } from '../../base/english.ts';
import type { Node } from '../../syntax/tree.ts';
import { given, mapAt, readLabels, readMetadata, type Reading } from '../read.ts';
import type { ReferencedSet } from '../referenced.ts';
import { readNets } from './entity.ts';

/** Reads a NetworkSet or a GlobalNetworkSet: addresses that rules find by the labels of the set. */
export function readNetworkSet(root: Node | undefined, kind: 'NetworkSet' | 'GlobalNetworkSet'): ReferencedSet {
  const unreadable: Reading = [];
  const { name, namespace } = readMetadata(root, unreadable);
  const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], unreadable);
  const spec = mapAt(given(root, 'spec'), ['spec'], ['nets'], unreadable);
  const networks = readNets(spec, 'nets', ['spec'], unreadable) ?? [];
  return {
    api: 'calico',
    kind,
    name,
    ...(kind === 'NetworkSet' ? { namespace } : {}),
    labels,
    members: { kind: 'addresses', networks },
    words:
      networks.length === 0
        ? 'no address'
        : `addresses in ${list(
            networks.map(({ cidr }) => plain(cidr)),
            'or',
            4,
          )}`,
    unreadable,
  };
}
