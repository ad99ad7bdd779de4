import type { EndpointSet } from '../model/endpoints.ts';
import { memo } from '../base/memo.ts';
import { describeScope, describeSelector } from '../model/describe-selector.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type Rule, type Section } from '../model/policy.ts';
import type { LabelSelector } from '../model/selector.ts';
import { isBelow, samePath, type Path, indexByPath, type PathIndex } from '../syntax/path.ts';
import { asMap, itemsOf, stringOf, type MapNode } from '../syntax/tree.ts';
import type { ManifestView } from './context.ts';

/** A rule of a policy and where it stands. */
export interface RulePart {
  readonly direction: Direction;
  readonly section: Section;
  readonly rule: Rule;
}

/** The parts of a policy, laid out once for all rules that ask. */
interface Parts {
  readonly rules: readonly RulePart[];
  readonly peers: readonly PeerPart[];
  readonly selectors: readonly SelectorPart[];
}

const NO_PARTS: Parts = { rules: [], peers: [], selectors: [] };

function partsOf(policy: Policy | undefined): Parts {
  return policy ? layOut(policy) : NO_PARTS;
}

const layOut = memo((policy: Policy): Parts => {
  const rules = DIRECTIONS.flatMap((direction) => {
    const section = policy[direction];
    return section?.rules.map((rule) => ({ direction, section, rule })) ?? [];
  });
  const peers = rules.flatMap((part) => (part.rule.peers === 'any' ? [] : part.rule.peers.map((peer) => ({ ...part, peer }))));
  const subjects = (policy.parts ?? [policy]).map((part) => part.subject);
  const selectors = [
    ...subjects.flatMap(({ namespaces, pods }) => scoped(namespaces, pods)),
    ...peers.flatMap(({ peer, rule }) => peerSelectors(peer).map((part) => ({ ...part, rule }))),
  ];
  return { rules, peers, selectors };
});

/** The rules of a policy, ingress before egress, in order. */
export function rulesIn(policy: Policy | undefined): readonly RulePart[] {
  return partsOf(policy).rules;
}

/** A peer of a rule. */
export interface PeerPart extends RulePart {
  readonly peer: Peer;
}

/** The peers that the rules of a policy name. */
export function peersIn(policy: Policy | undefined): readonly PeerPart[] {
  return partsOf(policy).peers;
}

/** The peers of Accept rules that are domain names. */
export function acceptedNames(policy: Policy): readonly PeerPart[] {
  return peersIn(policy).filter(({ peer, rule }) => peer.kind === 'domainNames' && rule.action === 'Accept');
}

/** A label selector of a policy, and what it picks. */
export interface SelectorPart {
  readonly selector: LabelSelector;
  readonly of: 'pod' | 'namespace' | 'node';
  /** The namespaces whose pods it picks; only for pods. */
  readonly within?: NamespaceScope;
  /** The rule it stands in; `undefined` for the subject. */
  readonly rule?: Rule;
}

/** Every selector that stands in a policy: the subject's, then those of the peers. */
export function selectorsIn(policy: Policy | undefined): readonly SelectorPart[] {
  return partsOf(policy).selectors;
}

/** Every selector in a set of endpoints, such as the members of a group of Antrea. */
export function selectorsOfSet(set: EndpointSet, within: NamespaceScope = EVERYWHERE): readonly SelectorPart[] {
  switch (set.kind) {
    case 'and': {
      const scope = set.of.map(scopeOf).find((one) => one !== undefined) ?? within;
      return set.of.flatMap((part) => selectorsOfSet(part, scope));
    }
    case 'or':
      return set.of.flatMap((part) => selectorsOfSet(part, within));
    case 'not':
      return selectorsOfSet(set.of, within);
    case 'labels':
      if (set.of === 'pod') return [{ selector: set.selector, of: 'pod', within }];
      return set.of === 'serviceAccount' ? [] : [{ selector: set.selector, of: set.of }];
    default:
      return [];
  }
}

const EVERYWHERE: NamespaceScope = { kind: 'selected', selector: { requirements: [], path: [] } };

function scopeOf(part: EndpointSet): NamespaceScope | undefined {
  if (part.kind === 'namespace') return { kind: 'own', namespace: part.name };
  return part.kind === 'labels' && part.of === 'namespace' ? { kind: 'selected', selector: part.selector } : undefined;
}

function peerSelectors(peer: Peer): readonly SelectorPart[] {
  if (peer.kind === 'pods') return scoped(peer.namespaces, peer.pods);
  return peer.kind === 'nodes' ? [{ selector: peer.nodes, of: 'node' }] : [];
}

function scoped(namespaces: NamespaceScope, pods: LabelSelector): readonly SelectorPart[] {
  const podPart: SelectorPart = { selector: pods, of: 'pod', within: namespaces };
  if (namespaces.kind === 'own') return [podPart];
  const namespacePart: SelectorPart = { selector: namespaces.selector, of: 'namespace' };
  // `namespaces: SELECTOR` has no selector for pods of its own; one of Cilium names both in one place.
  const isWhole = samePath(namespaces.selector.path, pods.path) && pods.requirements.length === 0;
  return isWhole ? [namespacePart] : [namespacePart, podPart];
}

/** Could everything at a path, and around it, be read? What a template makes, or what is faulty, is not judged. */
export function isReadable(policy: Policy, path: Path): boolean {
  const faults = faultsIn(policy);
  return faults.below(path).length === 0 && !faults.isAround(path);
}

/**
 * Are the tier, the subject and the direction of a policy readable? Single rules may still be unreadable. What a template renders for
 * a tier, a priority or a list of types is unknown.
 */
export function isFirm(policy: Policy, direction: Direction): boolean {
  const isInRules = (path: Path): boolean => DIRECTIONS.some((one) => isBelow(path, policy.at[one]));
  return (
    policy[direction] !== undefined &&
    isReadable(policy, policy.subject.path) &&
    policy.unreadable.every(({ path }) => isInRules(path) && !samePath(path, policy.at[direction]))
  );
}

const faultsIn = memo((policy: Policy): PathIndex<{ readonly path: Path }> => {
  const selectors = selectorsIn(policy).flatMap(({ selector }) => (selector.unreadable === undefined ? [] : [selector]));
  return indexByPath<{ readonly path: Path }>([...selectors, ...policy.unreadable]);
});

/** The pods a policy is about, in words: "pods with app=web in namespace shop". */
export function subjectWords(context: ManifestView): string {
  const { subject } = context.policy ?? {};
  return subject ? `${describeSelector(subject.pods)} ${scopeWords(context, subject.namespaces)}` : 'the pods of this policy';
}

/** Where pods are, as the end of a phrase. A namespace that the manifest does not name is not guessed: kubectl or kustomize may set it. */
export function scopeWords({ at }: ManifestView, scope: NamespaceScope): string {
  const isNamed = stringOf(at(['metadata', 'namespace'])) !== undefined;
  return describeScope(scope.kind === 'own' && !isNamed ? { kind: 'own', namespace: '' } : scope);
}

/** Does a selector pick everything, for sure? */
export function picksAll(selector: LabelSelector): boolean {
  return selector.requirements.length === 0 && selector.unreadable === undefined;
}

/** A rule as it stands in the text, whether it can be read or not. */
export interface RuleNode {
  readonly direction: Direction;
  readonly path: Path;
  readonly map: MapNode;
  readonly peers: 'from' | 'to';
  readonly ports: string;
}

/** The rules of a policy as they stand in the text; those that are not a map, or partly made by a template, are left out. */
export function ruleNodes({ at, kind, policy }: ManifestView): readonly RuleNode[] {
  const ports = kind?.portsField;
  if (!policy || ports === undefined) return [];
  return DIRECTIONS.flatMap((direction) =>
    itemsOf(at(policy.at[direction])).flatMap((node, i): readonly RuleNode[] => {
      const map = asMap(node);
      const path = [...policy.at[direction], i];
      return map && !map.hole ? [{ direction, path, map, peers: direction === 'ingress' ? 'from' : 'to', ports }] : [];
    }),
  );
}
