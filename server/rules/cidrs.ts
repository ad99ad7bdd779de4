import type { Span } from '../base/span.ts';
import type { Path } from '../syntax/path.ts';
import { asMap, asSeq, get, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { ManifestContext } from './rule.ts';
import { spotOf } from './spot.ts';

/** An address block as it stands in a policy. */
export interface WrittenCidr {
  readonly text: string;
  readonly path: Path;
  readonly node: Node;
  readonly span: Span;
}

/** Every text of a policy that stands where a CIDR belongs: `cidr` and `except` of NetworkPolicy, `networks` of the other kinds. */
export function cidrsIn({ manifest: { root } }: ManifestContext): readonly WrittenCidr[] {
  if (!root) return [];
  const found: WrittenCidr[] = [];
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [i, rule] of itemsOf(get(get(root, 'spec'), direction)).entries()) {
      for (const [j, peer] of itemsOf(get(rule, peers)).entries()) collect(root, peer, ['spec', direction, i, peers, j], found);
    }
  }
  return found;
}

function collect(root: Node, peer: Node, path: Path, found: WrittenCidr[]): void {
  const add = (node: Node | undefined, at: Path): void => {
    const text = stringOf(node);
    if (node && text !== undefined && text !== '') found.push({ text, path: at, node, span: spotOf(root, at).span });
  };
  const block = asMap(get(peer, 'ipBlock'));
  add(get(block, 'cidr'), [...path, 'ipBlock', 'cidr']);
  for (const [key, list] of [
    ['except', get(block, 'except')],
    ['networks', get(peer, 'networks')],
  ] as const) {
    const base = key === 'except' ? [...path, 'ipBlock', 'except'] : [...path, 'networks'];
    for (const [i, item] of (asSeq(list)?.items ?? []).entries()) add(item.value, [...base, i]);
  }
}
