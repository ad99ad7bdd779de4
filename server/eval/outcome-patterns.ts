import { memo } from '../base/memo.ts';
import { PROTOCOLS, type Traffic } from '../base/ports.ts';
import type { RuleList } from '../model/rule-list.ts';
import type { Stage } from './stages.ts';
import type { StageGroups } from './stage-order.ts';
import type { MatchedRule, Outcome } from './outcome.ts';

/** An outcome that is the same object wherever it is equal. */
export interface InternedOutcome extends Outcome {
  readonly id: number;
}

/** What rows of one space have in common. */
export interface SharedOutcomes {
  /** Gives equal outcomes as one object. */
  readonly intern: (outcome: Outcome) => InternedOutcome;
  /** Outcomes by pattern, as most pods of a cluster are bound in one of a few ways. */
  readonly byPattern: Map<string, InternedOutcome>;
  readonly stageNumbers: Map<Stage, number>;
}

/** A rule list that selects a pod, or may do so. */
interface Selecting {
  readonly list: Pick<RuleList, 'isolates'>;
  readonly uncertain: boolean;
}

/** A rule that matches, and the list it is of. */
interface ListedRule extends MatchedRule {
  readonly from: Selecting;
}

/**
 * All that the walk through the stages looks at when some rules match, as a text: the same text means the same outcome, in one plane and
 * where every policy is evaluated.
 */
export function patternsOf(
  stages: readonly StageGroups<Selecting>[],
  { stageNumbers }: SharedOutcomes,
): (matched: readonly ListedRule[]) => string {
  const places = new Map<Selecting, number>();
  let frame = '';
  for (const { stage, groups } of stages) {
    const number = stageNumbers.get(stage) ?? stageNumbers.size;
    stageNumbers.set(stage, number);
    frame += `${number}:`;
    for (const group of groups) {
      for (const list of group) {
        places.set(list, places.size);
        frame += `${list.list.isolates ? 'i' : '-'}${list.uncertain ? '?' : ''}`;
      }
      frame += '/';
    }
  }
  return (matched) => {
    let pattern = frame;
    for (const { from, action, index, traffic, uncertain, condition } of matched)
      pattern += `|${places.get(from)} ${action} ${index} ${trafficText(traffic)}${uncertain ? '?' : ''}${condition === undefined ? '' : `*${condition}`}`;
    return pattern;
  };
}

const trafficText = memo((traffic: Traffic): string =>
  PROTOCOLS.map((protocol) => traffic[protocol].map(({ from, to }) => `${from}-${to}`).join()).join('/'),
);
