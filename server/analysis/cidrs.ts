import { memo } from '../base/memo.ts';
import type { Span } from '../base/span.ts';
import type { Path } from '../syntax/path.ts';
import { asMap, asSeq, get, itemsOf, stringOf, type Node } from '../syntax/tree.ts';
import type { ManifestView } from './context.ts';
import { spotOf } from '../syntax/spot.ts';

/** An address block as it stands in a policy. */
export interface WrittenCidr {
  readonly text: string;
  readonly path: Path;
  readonly node: Node;
  readonly span: Span;
}

/** Every text of a policy that stands where a CIDR belongs: `cidr` and `except` of NetworkPolicy, `networks` of the other kinds. */
export const cidrsIn: (view: ManifestView) => readonly WrittenCidr[] = memo(({ manifest: { root }, policy, at }: ManifestView) => {
  if (!root || !policy) return [];
  const found: WrittenCidr[] = [];
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [i, rule] of itemsOf(at(policy.at[direction])).entries()) {
      for (const [j, peer] of itemsOf(get(rule, peers)).entries()) collect(root, peer, [...policy.at[direction], i, peers, j], found);
    }
  }
  return found;
});

function collect(root: Node, peer: Node, path: Path, found: WrittenCidr[]): void {
  if (get(peer, 'ipBlock') === undefined && get(peer, 'networks') === undefined) return;
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

/**
 * Does the API server reject sloppy CIDRs (host bits, leading zeros, IPv4 inside IPv6)? NetworkPolicy since 1.36, where
 * StrictIPCIDRValidation is on by default (measured); ClusterNetworkPolicy never minds host bits.
 */
export function isStrictAboutCidrs({ kind, settings }: Pick<ManifestView, 'kind' | 'settings'>): boolean {
  return kind?.traits?.builtIn === true && Number(settings.kubernetesVersion.split('.')[1]) >= 36;
}
