import { NAME_LABEL } from '../model/namespace.ts';
import { holds, type Labels, type Requirement } from '../model/selector.ts';
import type { Path } from '../syntax/path.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { isOperatorLabel } from './label-origins.ts';
import { areAkin, COMMON_VALUE, isAffix, isTypo, isTypoOfKey, isTypoOfNameLabel } from './typo.ts';

/** What has labels, and where they stand. */
export interface LabelledObject {
  readonly name: string;
  readonly labels: Labels;
  /** Those among them that an operator or a controller adds. */
  readonly generatedLabels?: Labels;
  readonly labelsPath: Path;
}

/** What was nearly matched. */
export interface NearMiss {
  /** The one requirement that fails. */
  readonly requirement: Requirement;
  /** Another value, another key with the same value, or (`missing`) all other labels but not this one. */
  readonly by: 'value' | 'key' | 'missing';
  readonly from: string;
  /** The value or the key that is meant; `''` for `missing`. */
  readonly to: string;
  readonly owner: Located<LabelledObject>;
  readonly of: 'pod' | 'namespace';
}

/** Where near misses are looked for. */
export interface NearMissQuestion {
  readonly cluster: Cluster;
  readonly requirements: readonly Requirement[];
  readonly candidates: readonly Located<LabelledObject>[];
  readonly of: NearMiss['of'];
  /** Only typing mistakes: the intended object may exist without a manifest. */
  readonly typosOnly: boolean;
}

/**
 * The object that misses by one requirement, and by little. The surest comes first: a typo in the value or in the key, then a part before
 * or behind the value, then the same value under a related key, then the one label of several that differs. None where two objects
 * suggest different things.
 */
export function nearMissOf({ cluster, requirements, candidates, of, typosOnly }: NearMissQuestion): NearMiss | undefined {
  const found = candidates.flatMap((owner) => {
    const failing = requirements.filter((requirement) => !holds(requirement, owner.value.labels));
    const [requirement] = failing;
    if (!requirement || failing.length > 1 || (requirement.operator !== 'In' && requirement.operator !== 'Exists')) return [];
    // What an operator writes is not a misspelling of what people write, nor the other way round.
    if (of === 'pod' && isOperatorLabel(cluster, requirement.key)) return [];
    return [...rankedMisses({ cluster, of, owner, requirement, others: requirements.length - 1 })];
  });
  for (const rank of typosOnly ? TYPOS : RANKS) {
    const [first, ...more] = found.filter((one) => one.rank === rank).map(({ miss }) => miss);
    if (!first) continue;
    return rank === 'typo' || more.every(({ by, to }) => by === first.by && to === first.to) ? first : undefined;
  }
  return undefined;
}

type Rank = 'typo' | 'affix' | 'akin' | 'other' | 'missing';
const RANKS: readonly Rank[] = ['typo', 'affix', 'akin', 'other', 'missing'];
const TYPOS: readonly Rank[] = ['typo'];

interface Candidate {
  readonly cluster: Cluster;
  readonly of: NearMiss['of'];
  readonly owner: Located<LabelledObject>;
  readonly requirement: Requirement;
  /** How many requirements of the selector hold. */
  readonly others: number;
}

interface RankedMiss {
  readonly rank: Rank;
  readonly miss: NearMiss;
}

function* rankedMisses({ cluster, of, owner, requirement, others }: Candidate): Generator<RankedMiss> {
  const { labels } = owner.value;
  const { key, operator, values } = requirement;
  const ranked = (rank: Rank, by: NearMiss['by'], from: string, to: string): RankedMiss => ({
    rank,
    miss: { requirement, by, from, to, owner, of },
  });
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (value === undefined) {
    yield* missesByKey({ cluster, of, owner, requirement, others }, ranked);
    if (others > 0 && of === 'pod' && operator === 'In') yield ranked('missing', 'missing', key, '');
    return;
  }
  const typo = values.find((one) => isTypo(one, value));
  if (typo !== undefined) yield ranked('typo', 'value', typo, value);
  // The name of a namespace that is not here may be that of another one.
  if (of === 'namespace' || isGenerated(owner, key)) return;
  const affix = values.find((one) => isAffix(one, value));
  if (affix !== undefined) yield ranked('affix', 'value', affix, value);
  const [only] = values;
  if (others > 0 && only !== undefined && values.length === 1 && !isVariant(only, value)) yield ranked('other', 'value', only, value);
}

function* missesByKey(
  { cluster, of, owner, requirement }: Candidate,
  ranked: (rank: Rank, by: NearMiss['by'], from: string, to: string) => RankedMiss,
): Generator<RankedMiss> {
  const { key, operator, values } = requirement;
  // `name` for a namespace, or nearly the label with its name, has a finding of its own.
  if (key === NAME_LABEL || (of === 'namespace' && (/(?:^|[./])name$/.test(key) || isTypoOfNameLabel(key)))) return;
  for (const [other, value] of Object.entries(owner.value.labels)) {
    if (other === NAME_LABEL || (of === 'pod' && isOperatorLabel(cluster, other))) continue;
    const hasValue = operator === 'Exists' || values.includes(value);
    if (!hasValue) continue;
    if (isGenerated(owner, other)) continue;
    if (isTypoOfKey(key, other)) yield ranked('typo', 'key', key, other);
    else if (operator === 'In' && !COMMON_VALUE.test(value) && areAkin(key, other)) yield ranked('akin', 'key', key, other);
  }
}

/** What an operator writes says nothing about how people label their own pods. */
function isGenerated({ value: { generatedLabels = {} } }: Located<LabelledObject>, key: string): boolean {
  return Object.hasOwn(generatedLabels, key);
}

/** `v1` and `v2`, `blue-1` and `blue-2`: values that tell things of one sort apart. */
function isVariant(value: string, other: string): boolean {
  return COMMON_VALUE.test(value) || value.replace(/\d+/g, '') === other.replace(/\d+/g, '');
}
