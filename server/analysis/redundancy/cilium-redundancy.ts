import { groupBy } from '../../base/lists.ts';
import { memo, memo2, memoBy, store } from '../../base/memo.ts';
import { finished, type Work } from '../../base/work.ts';
import { blocksOf } from '../../eval/stages.ts';
import type { Blocks } from '../../eval/endpoint-regions.ts';
import { peerImplies } from '../../eval/subsume.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule, type Subject } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { isAboutNodes, isEmptyEntry, partsOf } from '../cilium-parts.ts';
import type { LocatedRule } from '../connection-words.ts';
import { isReadable } from '../policy-parts.ts';
import { comparisonBudget, coversOf, redundantParts, type ComparisonBudget } from './covered.ts';

/*
 * What policies of Cilium say more than once. In its stage all allows add up, those of NetworkPolicies included, and so do all denies, in
 * whichever order: an entry has no effect where others, for all pods that its rule selects, match all that it matches with the same action.
 * Policies are taken out from the last one to the first, then single entries of those that are left, so that everything that is called
 * redundant can go together; what others say already is never counted twice. Only what holds in every cluster is claimed.
 */

/** An entry that other policies make redundant, and theirs that do. */
export interface CoveredEntry {
  readonly direction: Direction;
  readonly rule: Rule;
  readonly covers: readonly LocatedRule[];
  /** Is it the only one of its rule in that direction, so that without it the list is empty? */
  readonly isOnly: boolean;
}

/** What is redundant among the policies of Cilium in a cluster. */
export interface CiliumRedundancy {
  /** Policies without any effect, each with those that say the same. */
  readonly policies: ReadonlyMap<Policy, readonly Located<Policy>[]>;
  /** Entries of the other ones. */
  readonly entries: ReadonlyMap<Policy, readonly CoveredEntry[]>;
}

/** More policies that may select the same pods are not compared. */
const MAX_COMPARED_POLICIES = 100;

/** Nor are more entries of such policies. */
const MAX_COMPARED_ENTRIES = 1000;

/** What is redundant among the policies of Cilium that are in force. */
export function ciliumRedundancy(cluster: Cluster): CiliumRedundancy {
  return finished(findingCiliumRedundancy(cluster));
}

/** The same in steps: a cluster may have many policies. Computed once for each cluster. */
export function* findingCiliumRedundancy(cluster: Cluster): Work<CiliumRedundancy> {
  return answers.get(cluster) ?? answers.set(cluster, yield* find(cluster));
}

const answers = store<Cluster, CiliumRedundancy>();

interface Found extends CiliumRedundancy {
  readonly policies: Map<Policy, readonly Located<Policy>[]>;
  readonly entries: Map<Policy, readonly CoveredEntry[]>;
}

function* find(cluster: Cluster): Work<CiliumRedundancy> {
  const found: Found = { policies: new Map(), entries: new Map() };
  if (cluster.plane !== 'cilium') return found;
  const blocks = blocksOf({ api: 'cilium' }, cluster.cilium?.cidrMatchMode ?? 'none');
  const all = cluster.policies.filter(({ value }) => value.unreadable.length === 0 && !value.notInForce && isInStage(value));
  const wide = all.filter(({ value }) => value.namespace === undefined);
  const byNamespace = groupBy(
    all.filter(({ value }) => value.namespace !== undefined),
    ({ value }) => value.namespace ?? '',
  );
  yield* findIn(wide, [], blocks, found);
  for (const own of byNamespace.values()) yield* findIn(own, wide, blocks, found);
  return found;
}

function isInStage({ api, traits }: Policy): boolean {
  return api === 'cilium' || (api === 'kubernetes' && traits.isolates);
}

/** Adds what is redundant of some policies, beside others that are about more pods and stay as they are. */
function* findIn(own: readonly Located<Policy>[], wider: readonly Located<Policy>[], blocks: Blocks, found: Found): Work<void> {
  const mine = own.filter(({ value }) => value.api === 'cilium').toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (mine.length === 0 || own.length + wider.length > MAX_COMPARED_POLICIES) return;
  if ([...own, ...wider].reduce((sum, one) => sum + allEntries(one).length, 0) > MAX_COMPARED_ENTRIES) return;
  const gone = new Set<Rule>();
  for (const one of wider) {
    if (found.policies.has(one.value)) for (const { rule } of allEntries(one)) gone.add(rule);
    for (const { rule } of found.entries.get(one.value) ?? []) gone.add(rule);
  }
  let left: readonly Located<Policy>[] = [...own, ...wider.filter(({ value }) => !found.policies.has(value))];
  for (const placed of mine.toReversed()) {
    const others = left.filter((other) => other !== placed);
    const covering = policyCovers(placed, others, gone, blocks);
    yield;
    if (covering.length === 0) continue;
    found.policies.set(placed.value, covering);
    left = others;
  }
  for (const placed of mine.toReversed()) {
    if (found.policies.has(placed.value)) continue;
    const others = left.filter((other) => other !== placed);
    const entries = entriesCovered(placed, others, gone, blocks);
    yield;
    if (entries.length > 0) found.entries.set(placed.value, entries);
  }
}

interface OwnEntry {
  readonly part: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
}

function allEntries({ value }: Located<Policy>): readonly OwnEntry[] {
  return partsOf(value).flatMap((part) =>
    DIRECTIONS.flatMap((direction) => (part[direction]?.rules ?? []).map((rule) => ({ part, direction, rule }))),
  );
}

/** The policies that together do all that one does; none where it does something, or isolates pods that no other one isolates. */
function policyCovers(
  placed: Located<Policy>,
  others: readonly Located<Policy>[],
  gone: ReadonlySet<Rule>,
  blocks: Blocks,
): readonly Located<Policy>[] {
  const budget = comparisonBudget();
  const used = new Set<Located<Policy>>();
  for (const part of partsOf(placed.value)) {
    const about = partsAbout(part, others);
    for (const direction of DIRECTIONS) {
      const section = part[direction];
      if (!section) continue;
      const isolating = about.parts.find((one) => one.part[direction]?.isolates === true);
      if (section.isolates && !isolating) return [];
      if (section.isolates && isolating) used.add(isolating.placed);
      for (const rule of section.rules) {
        if (isEmptyEntry(rule)) continue;
        const covers = entryCovers({ part, direction, rule }, about, gone, blocks, budget);
        if (!covers) return [];
        for (const { policy } of covers) used.add(policy);
      }
    }
  }
  // What only isolates is meant as a default deny, whichever other policies isolate the same pods.
  return allEntries(placed).every(({ rule }) => isEmptyEntry(rule)) ? [] : [...used];
}

/** The entries of a policy that others make redundant. Each one found is gone for those that are looked at after it. */
function entriesCovered(
  placed: Located<Policy>,
  others: readonly Located<Policy>[],
  gone: Set<Rule>,
  blocks: Blocks,
): readonly CoveredEntry[] {
  const found: CoveredEntry[] = [];
  const budget = comparisonBudget();
  const aboutOf = new Map<Policy, PartsAbout>();
  for (const entry of allEntries(placed).toReversed()) {
    if (budget.left <= 0) break;
    const { part, direction, rule } = entry;
    if (isEmptyEntry(rule) || repeatedIn(part, direction, blocks).includes(rule)) continue;
    const about = aboutOf.get(part) ?? partsAbout(part, others);
    aboutOf.set(part, about);
    const covers = entryCovers(entry, about, gone, blocks, budget);
    if (!covers) continue;
    const section = part[direction];
    const isOnly = section?.rules.every((one) => one === rule || gone.has(one)) ?? true;
    // Without its last entry the rule does not isolate its pods any more.
    if (isOnly && section?.isolates === true && !about.parts.some((one) => one.part[direction]?.isolates === true)) continue;
    gone.add(rule);
    found.unshift({ direction, rule, covers, isOnly });
  }
  return found;
}

interface PartOf {
  readonly placed: Located<Policy>;
  readonly part: Policy;
}

/** The rules of other policies that select all pods that one selects, and their entries by direction and action, listed once. */
type PartsAbout = { readonly parts: readonly PartOf[] } & { [C in `${Direction} ${'Accept' | 'Deny'}`]?: readonly LocatedRule[] };

function partsAbout(part: Policy, others: readonly Located<Policy>[]): PartsAbout {
  if (isAboutNodes(part)) return { parts: [] };
  const parts = others.flatMap((placed) =>
    partsOf(placed.value).flatMap((other) => (!isAboutNodes(other) && includes(other, part) ? [{ placed, part: other }] : [])),
  );
  return { parts };
}

const includes = memo2(
  (wide: Policy, narrow: Policy): boolean => peerImplies(subjectPeer(narrow.subject), subjectPeer(wide.subject)).kind === 'yes',
);

const subjectPeer = memo(({ namespaces, pods, set, words = '', path }: Subject): Peer =>
  set ? { kind: 'set', set, words, path } : { kind: 'pods', namespaces, pods, path },
);

function entryCovers(
  { direction, rule }: OwnEntry,
  about: PartsAbout,
  gone: ReadonlySet<Rule>,
  blocks: Blocks,
  budget: ComparisonBudget,
): readonly LocatedRule[] | undefined {
  const candidates = (about[`${direction} ${rule.action === 'Deny' ? 'Deny' : 'Accept'}`] ??= candidatesOf(
    about.parts,
    direction,
    rule.action,
    blocks,
  )).filter((one) => !gone.has(one.rule));
  const covers = coversOf(
    withoutSubject(rule),
    candidates.map((one) => withoutSubject(one.rule)),
    direction,
    budget,
    blocks,
  );
  return covers && candidates.filter((one) => covers.includes(withoutSubject(one.rule)));
}

function candidatesOf(parts: readonly PartOf[], direction: Direction, action: Rule['action'], blocks: Blocks): readonly LocatedRule[] {
  return parts.flatMap(({ placed, part }) => {
    const repeated = repeatedIn(part, direction, blocks);
    return (part[direction]?.rules ?? []).flatMap((other) =>
      other.action === action && isReadable(placed.value, other.path) && !repeated.includes(other) ? [{ policy: placed, rule: other }] : [],
    );
  });
}

/** A rule about the pods of its part, as all that are compared here are about at least these. */
const withoutSubject = memo((rule: Rule): Rule => {
  const { subject: _, ...rest } = rule;
  return rest;
});

/** Entries that others of the same list say already: they are reported there, and cover nothing. */
function repeatedIn(part: Policy, direction: Direction, blocks: Blocks): readonly Rule[] {
  const rules = part[direction]?.rules ?? [];
  if (rules.length < 2 || rules.length > MAX_COMPARED_POLICIES) return NOTHING;
  return repeatedBy(part, `${direction} ${blocks}`, direction, blocks);
}

const NOTHING: readonly Rule[] = [];

const repeatedBy = memoBy((part: Policy, _: string, direction: Direction, blocks: Blocks): readonly Rule[] => {
  const isAlike = (one: Rule, other: Rule): boolean => one.action === other.action;
  const found = [...redundantParts(part[direction]?.rules ?? [], direction, isAlike, blocks)];
  return found.flatMap((one) => (one ? [one.part] : []));
});
