import { asScalar, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { OtherKindEntry } from './kind.ts';
import { readPods } from './pod-template.ts';
import { given, textIn } from './read.ts';
import type { Workload } from './workload.ts';

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
    const owner = ownerOf(given(root, 'metadata'));
    return { ...readPods(root, 'Pod', []), ips: addressesOf(given(root, 'status')), ...(owner ? { owner } : {}) };
  },
};

/** The controller that owns the pod. A node owns its static pods, which stay pods of their own; without a kind it counts as a Pod. */
function ownerOf(metadata: Node | undefined): Workload['owner'] {
  for (const reference of itemsOf(given(metadata, 'ownerReferences'))) {
    const controller = asScalar(given(reference, 'controller'))?.value;
    const name = textIn(given(reference, 'name'));
    const kind = stringOf(given(reference, 'kind')) ?? 'Pod';
    if (controller?.type === 'bool' && controller.value && name !== undefined && kind !== 'Node') return { kind, name };
  }
  return undefined;
}

function addressesOf(status: Node | undefined): readonly string[] {
  const first = stringOf(given(status, 'podIP'));
  const all = itemsOf(given(status, 'podIPs')).flatMap((item) => stringOf(given(item, 'ip')) ?? []);
  return [...new Set([...(first === undefined ? [] : [first]), ...all])].filter((ip) => ip !== '');
}
