import { list } from '../../base/english.ts';
import { parseCidr } from '../../base/cidr.ts';
import { hasHole, stringOf, type Node } from '../../syntax/tree.ts';
import type { Network } from '../policy.ts';
import { given, listAt, readLabels, readMetadata, sortOf, TEMPLATE, type Reading } from '../read.ts';
import type { ReferencedSet } from '../referenced.ts';

/** Reads a CiliumCIDRGroup: address blocks outside the cluster. */
export function readCidrGroup(root: Node | undefined): ReferencedSet {
  const unreadable: Reading = [];
  const { name } = readMetadata(root, unreadable);
  const labels = readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], []);
  const path = ['spec', 'externalCIDRs'];
  const networks = (listAt(given(given(root, 'spec'), 'externalCIDRs'), path, unreadable) ?? []).flatMap((item): readonly Network[] => {
    const cidr = stringOf(item.node);
    if (cidr !== undefined && !hasHole(item.node) && parseCidr(cidr).ok) return [{ cidr, except: [], path: item.path }];
    unreadable.push({
      path: item.path,
      why: hasHole(item.node) ? TEMPLATE : `should be a CIDR such as 10.0.0.0/8, not ${sortOf(item.node)}`,
    });
    return [];
  });
  const words =
    networks.length === 0
      ? 'no address'
      : `addresses in ${list(
          networks.map(({ cidr }) => cidr),
          'and',
          4,
        )}`;
  return { api: 'cilium', kind: 'CiliumCIDRGroup', name, labels, members: { kind: 'addresses', networks }, words, unreadable };
}
