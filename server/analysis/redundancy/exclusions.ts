import { memo } from '../../base/memo.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type Rule } from '../../model/policy.ts';
import type { LabelSelector, Operator, Requirement } from '../../model/selector.ts';
import { isBelow, type Path } from '../../syntax/path.ts';
import { isReadable } from '../policy-parts.ts';
import { coversOf, comparisonBudget } from './covered.ts';

/** What a peer leaves out of a wider set: a requirement `NotIn` or `DoesNotExist`, or the `except` of a block. */
interface Exclusion {
  readonly path: Path;
  /** The peer of exactly what is left out. */
  readonly excluded: Peer;
}

/** An exclusion that other peers of the policy undo. */
export interface UndoneExclusion extends Exclusion {
  readonly direction: Direction;
  /** The peer (or the rule without peers) that allows what is left out; several where they do so only together. */
  readonly by: readonly Rule[];
}

/** Do the peers of a rule exclude anything? A fix must not remove the exclusion: it was written on purpose. */
export function hasExclusion({ peers }: Rule): boolean {
  return peers !== 'any' && peers.some((peer) => exclusionsIn(peer).length > 0);
}

/**
 * The exclusions of a policy without effect, because other peers allow what they leave out, on the same ports. In the tiers only the peers
 * of one rule are compared: their rules are evaluated in order.
 */
export const undoneExclusions: (policy: Policy) => readonly UndoneExclusion[] = memo(find);

function find(policy: Policy): readonly UndoneExclusion[] {
  return DIRECTIONS.flatMap((direction) => {
    const rules = (policy[direction]?.rules ?? []).filter((rule) => rule.action === 'Accept' && isReadable(policy, rule.path));
    const lists = !policy.traits.ordered ? [rules] : rules.map((rule) => [rule]);
    return lists.flatMap((list) => undoneIn(list.flatMap(partsOf), direction));
  });
}

/** Has something of this part of a policy a finding of its own, as an exclusion that others undo? */
export function isUndone(policy: Policy, { path }: Rule): boolean {
  return undoneExclusions(policy).some((one) => isBelow(one.path, path));
}

/** Every peer of a rule as a rule of its own. */
function partsOf(rule: Rule): readonly Rule[] {
  return rule.peers === 'any' ? [rule] : rule.peers.map((peer) => ({ ...rule, peers: [peer], path: peer.path }));
}

function undoneIn(parts: readonly Rule[], direction: Direction): readonly UndoneExclusion[] {
  const budget = comparisonBudget();
  return parts.flatMap((part) => {
    const [peer] = part.peers === 'any' ? [] : part.peers;
    return (peer ? exclusionsIn(peer) : []).flatMap((exclusion) => {
      const others = parts.filter((other) => other !== part);
      const by = coversOf({ ...part, peers: [exclusion.excluded] }, others, direction, budget);
      return by ? [{ ...exclusion, direction, by }] : [];
    });
  });
}

function exclusionsIn(peer: Peer): readonly Exclusion[] {
  if (peer.kind === 'networks') {
    const blocks = peer.networks.flatMap(({ except }) => except);
    const networks = blocks.map((cidr) => ({ cidr, except: [], path: peer.path }));
    return blocks.length === 0 ? [] : [{ path: [...peer.path, 'ipBlock', 'except'], excluded: { ...peer, networks } }];
  }
  if (peer.kind !== 'pods') return [];
  const { namespaces, pods } = peer;
  const ofPods = inverted(pods).map(([path, selector]) => ({ path, excluded: { ...peer, pods: selector } }));
  const scopes = namespaces.kind === 'own' ? [] : inverted(namespaces.selector);
  const ofNamespaces = scopes.map(([path, selector]) => {
    const scope: NamespaceScope = { kind: 'selected', selector };
    return { path, excluded: { ...peer, namespaces: scope } };
  });
  return [...ofNamespaces, ...ofPods];
}

const INVERSE: Readonly<Partial<Record<Operator, Operator>>> = { NotIn: 'In', DoesNotExist: 'Exists' };

/** For each requirement that excludes, the selector of what only that one leaves out. */
function inverted(selector: LabelSelector): readonly (readonly [Path, LabelSelector])[] {
  return selector.requirements.flatMap((one, i) => {
    const operator = INVERSE[one.operator];
    if (!operator) return [];
    const requirements = selector.requirements.map((other, at): Requirement => (at === i ? { ...one, operator } : other));
    return [[one.path, { ...selector, requirements }] as const];
  });
}
