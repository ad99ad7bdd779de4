import { holds, type LabelSelector, type Labels, type Requirement } from './selector.ts';
import { matchesLabels } from './endpoint-set.ts';
import { replicaLabels } from './generated-labels.ts';
import type { Workload } from './workload.ts';

/**
 * Does a selector pick the pods of a workload? `some`: those of certain numbers only; `perhaps`: it depends on a label whose value, or on
 * a number of pods, that only the cluster knows. A selector that was not read in full is judged by what was read.
 */
export type PodMatch = 'all' | 'some' | 'perhaps' | 'none';

/** Asks the labels that are known, those that exist with an unknown value, and those of numbered pods. */
export function podMatch({ requirements }: LabelSelector, workload: Workload): PodMatch {
  const numbered = workload.replicas;
  const own = requirements.filter(({ key }) => !numbered?.labels.some((label) => label.key === key));
  const certain = strongest(own, workload);
  if (certain === 'none' || own.length === requirements.length || !numbered) return certain;
  const rest = requirements.filter((requirement) => !own.includes(requirement));
  const matching = ordinalsOf(rest, workload);
  if (matching === 'none') return 'none';
  return certain === 'perhaps' ? 'perhaps' : matching;
}

/** Does it pick any pod of the workload for sure? */
export function picksPods(selector: LabelSelector, workload: Workload): boolean {
  const match = podMatch(selector, workload);
  return match === 'all' || match === 'some';
}

function strongest(requirements: readonly Requirement[], { labels, unknownLabels = [] }: Workload): 'all' | 'perhaps' | 'none' {
  return MATCHES[matchesLabels({ requirements, path: [] }, { labels, unknown: unknownLabels })];
}

const MATCHES = { yes: 'all', unknown: 'perhaps', no: 'none' } as const;

/** More pods than this are not looked at one by one. */
const MAX_REPLICAS = 1000;

function ordinalsOf(requirements: readonly Requirement[], { replicas }: Workload): PodMatch {
  if (!replicas) return 'all';
  const { first, count } = replicas;
  if (count === undefined) return 'perhaps';
  const labelSets = Array.from({ length: Math.min(count, MAX_REPLICAS) }, (_, i): Labels => replicaLabels(replicas, first + i));
  const matching = labelSets.filter((labels) => requirements.every((requirement) => holds(requirement, labels))).length;
  if (matching === 0) return count > MAX_REPLICAS ? 'perhaps' : 'none';
  return matching === labelSets.length && count <= MAX_REPLICAS ? 'all' : 'some';
}
