import { asScalar, hasHole, type Node } from '../../syntax/tree.ts';
import { given, mapAt, type Reading, sortOf, TEMPLATE, textAt } from '../read.ts';
import type { Tier } from '../referenced.ts';

/** Reads a Tier: without an order it comes last, without a default action it ends with Deny (api `v3/tier.go`). */
export function readCalicoTier(root: Node | undefined): Tier {
  const unreadable: Reading = [];
  const name = textAt(given(root, 'metadata'), 'name', ['metadata'], unreadable) ?? '';
  const spec = mapAt(given(root, 'spec'), ['spec'], ['order', 'defaultAction'], unreadable);
  const node = given(spec, 'order');
  const value = asScalar(node)?.value;
  const order = value && (value.type === 'int' || value.type === 'float') ? value.value : undefined;
  if (node !== undefined && order === undefined) {
    unreadable.push({ path: ['spec', 'order'], why: hasHole(node) ? TEMPLATE : `should be a number, not ${sortOf(node)}` });
  }
  const action = textAt(spec, 'defaultAction', ['spec'], unreadable);
  return {
    api: 'calico',
    kind: 'Tier',
    name,
    ...(order === undefined ? {} : { order }),
    orderPath: ['spec', 'order'],
    unmatched: action?.toLowerCase() === 'pass' ? 'Pass' : 'Deny',
    unreadable,
  };
}
