import { itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { ownerOf } from './owner.ts';
import { readPods } from './pod-template.ts';
import { given } from './read.ts';

/** v1 Pod: a workload of its own, unless a controller owns it. */
export const pod: OtherKindEntry = {
  role: 'workload',
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  scope: 'Namespaced',
  docs: 'https://kubernetes.io/docs/concepts/workloads/pods/',
  formerly: [],
  read: (root) => {
    const owner = ownerOf(root);
    return { ...readPods(root, 'Pod', []), ips: addressesOf(given(root, 'status')), ...(owner ? { owner } : {}) };
  },
};

function addressesOf(status: Node | undefined): readonly string[] {
  const first = stringOf(given(status, 'podIP'));
  const all = itemsOf(given(status, 'podIPs')).flatMap((item) => stringOf(given(item, 'ip')) ?? []);
  return [...new Set([...(first === undefined ? [] : [first]), ...all])].filter((ip) => ip !== '');
}
