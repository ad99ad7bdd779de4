import { memo2 } from '../base/memo.ts';
import { list, quote } from '../base/english.ts';
import { groupBy } from '../base/lists.ts';
import { requirementsText } from '../model/describe-selector.ts';
import { referencesOf, type EndpointSet, type Reference } from '../model/endpoint-set.ts';
import type { Policy } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import { missingTier } from '../model/tiers.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { isNone } from './bits.ts';
import { isFound, referenced, type ClusterObjects } from './cluster-objects.ts';
import { endpointBits } from './endpoint-bits.ts';
import type { EquivalenceClasses } from './equivalence-classes.ts';
import { listsOf } from './lists.ts';

/** What a policy refers to by name and that is not in the workspace, as the end of a sentence about it. */
export function missingReferences(objects: ClusterObjects, policy: Policy): readonly string[] {
  return policy.api === 'kubernetes' ? [] : missingIn(objects, policy);
}

const missingIn = memo2((objects: ClusterObjects, policy: Policy): readonly string[] => {
  const sets = listsOf(objects, policy).flatMap(({ subject, rules }) => [
    subject,
    ...rules.flatMap(({ match }) => [match.peer, ...(match.own ? [match.own] : [])]),
  ]);
  const missing = allReferences(objects, sets).filter((one) => one.by.kind === 'name' && !isFound(objects, one));
  return [...new Set(missing.map(text))];
});

/** The references of sets, and those of the objects that they name, such as the children of a group. */
function allReferences(objects: ClusterObjects, sets: readonly EndpointSet[]): readonly Reference[] {
  const all = new Set(sets.flatMap(referencesOf));
  for (const one of all) for (const inner of referencesOf(referenced(objects, one))) all.add(inner);
  return [...all];
}

/** An end of a rule that refers to sets by their labels, none of which the workspace has. */
export interface MissingSet {
  readonly path: Path;
  /** The labels in words: "zone=office". */
  readonly labels: readonly string[];
  /** Does the end select nothing else either? */
  readonly matchesNothing: boolean;
}

/**
 * The ends of rules of a policy that refer to network sets by their labels where the workspace has neither such a set nor such a pod. Each
 * alternative of a selector is looked at by itself, each value of a list too, and also those of `notSelector`: if the cluster has the set,
 * verdicts differ.
 */
export function missingSets(space: EquivalenceClasses, policy: Policy): readonly MissingSet[] {
  return policy.api === 'kubernetes' ? [] : missingSetsOf(space, policy);
}

const missingSetsOf = memo2((space: EquivalenceClasses, policy: Policy): readonly MissingSet[] => {
  const ends = listsOf(space.objects, policy).flatMap(({ rules }) =>
    rules.flatMap(({ match, rule }) => [
      { set: match.peer, path: rule.at.peers },
      ...(match.own ? [{ set: match.own, path: rule.path }] : []),
    ]),
  );
  return [...groupBy(ends, ({ path }) => formatPath(path)).values()].flatMap((group) => {
    const [first] = group;
    const labels = [...new Set(group.flatMap(({ set }) => missingLabels(space, set)))];
    if (!first || labels.length === 0) return [];
    return [{ path: first.path, labels, matchesNothing: group.every(({ set }) => selectsNothing(space, set)) }];
  });
});

function selectsNothing(space: EquivalenceClasses, set: EndpointSet): boolean {
  const bits = endpointBits(space, set);
  return bits !== 'all' && isNone(bits.maybe);
}

function missingLabels(space: EquivalenceClasses, set: EndpointSet): readonly string[] {
  return referencesOf(set).flatMap((reference) => {
    const { by } = reference;
    if (by.kind !== 'labels') return [];
    return alternativesOf(by.where).flatMap((parts) => {
      const where: EndpointSet = { kind: 'and', of: parts };
      const requirements = parts.flatMap((part) => (part.kind === 'labels' && part.of === 'pod' ? part.selector.requirements : []));
      if (!requirements.some(isPositive) || isFound(space.objects, { ...reference, by: { kind: 'labels', where } })) return [];
      if (!selectsNothing(space, { kind: 'and', of: [{ kind: 'entity', entity: 'pod' }, where] })) return [];
      return [requirementsText(requirements)];
    });
  });
}

/** So many alternatives of one selector are told apart; a selector with more is taken as a whole. */
const MAX_ALTERNATIVES = 32;

/** The conditions any one of which is enough, each as parts that must all hold. */
function alternativesOf(set: EndpointSet): readonly (readonly EndpointSet[])[] {
  switch (set.kind) {
    case 'or':
      return set.of.flatMap(alternativesOf);
    case 'and': {
      let all: readonly (readonly EndpointSet[])[] = [[]];
      for (const part of set.of) {
        const own = alternativesOf(part);
        if (all.length * own.length > MAX_ALTERNATIVES) return [[set]];
        all = all.flatMap((one) => own.map((other) => [...one, ...other]));
      }
      return all;
    }
    case 'labels': {
      const [only, ...more] = set.selector.requirements;
      if (only?.operator !== 'In' || more.length > 0 || set.of !== 'pod') return [[set]];
      return only.values.map((value) => [{ ...set, selector: { ...set.selector, requirements: [{ ...only, values: [value] }] } }]);
    }
    default:
      return [[set]];
  }
}

function isPositive({ operator }: Requirement): boolean {
  return operator !== 'NotIn' && operator !== 'DoesNotExist';
}

/** The sentence about such an end. */
export function missingSetText(policy: string, { path, labels, matchesNothing }: MissingSet): string {
  const rest = matchesNothing ? ', so it matches nothing' : '';
  return `${formatPath(path)} of ${policy} refers to network sets ${list(labels, 'or', 4)}, and the workspace has neither such a set nor such a pod${rest}: if the cluster has the set, the answer may differ.`;
}

function text({ kinds, by, missing }: Reference): string {
  const name = by.kind !== 'name' ? '' : by.namespace === undefined ? by.name : `${by.namespace}/${by.name}`;
  const effect = missing === 'empty' ? 'it counts as empty' : 'its members are unknown';
  return `${kinds.join(' or ')} ${quote(name)}, which is not in the workspace: ${effect}.`;
}

/** The end of a sentence about a policy whose tier has no object in the workspace. */
export function missingTierText({ tiers }: Pick<Cluster, 'tiers'>, policy: Policy): string | undefined {
  const name = missingTier(
    policy,
    tiers.map(({ value }) => value),
  );
  return name === undefined
    ? undefined
    : `is in tier ${quote(name)}, of which the workspace has no Tier object: it is evaluated after all tiers that are there.`;
}
