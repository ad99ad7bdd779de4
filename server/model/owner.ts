import { asScalar, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import { given, textIn } from './read.ts';
import type { OwnerName } from './workload.ts';

/** The controller that owns an object. A node owns its static pods, which stay pods of their own; without a kind it counts as a Pod. */
export function ownerOf(root: Node | undefined): OwnerName | undefined {
  for (const reference of itemsOf(given(given(root, 'metadata'), 'ownerReferences'))) {
    const controller = asScalar(given(reference, 'controller'))?.value;
    const name = textIn(given(reference, 'name'));
    const kind = stringOf(given(reference, 'kind')) ?? 'Pod';
    if (controller?.type === 'bool' && controller.value && name !== undefined && kind !== 'Node') return { kind, name };
  }
  return undefined;
}
