import type { Connection } from '../../eval/connection.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Path } from '../../syntax/path.ts';
import type { Located } from '../../workspace/cluster.ts';
import { decisionsOn, denies } from '../precedence/decisions.ts';
import { pairsMatching } from './pairs.ts';

/** A connection that a rule matches, and what denies it on the side of the rule's policy. */
export interface RuleFate {
  readonly connection: Connection;
  /** The pod that the policy selects. */
  readonly own: Workload;
  /** Absent where nothing denies it on this side, or a tie leaves it open. */
  readonly deniedBy?: { readonly policy: Located<Policy>; readonly rule?: Rule; readonly path: Path; readonly action: 'Deny' | 'Isolated' };
}

/** How many connections of one rule are examined. */
const MAX_CONNECTIONS = 60;

/** What becomes of the connections of the workspace that a rule matches: examples of each kind, those between workloads first. */
export function fatesOf(evaluation: Evaluation, policy: Policy, rule: Rule, direction: Direction): readonly RuleFate[] {
  const found: RuleFate[] = [];
  for (const connection of pairsMatching(evaluation, policy, rule, direction)) {
    const { from, to, protocol, port } = connection;
    const [own, other] = direction === 'ingress' ? [to, from] : [from, to];
    if (own.kind !== 'workload') continue;
    const question = { direction, pod: endpointIndex(evaluation, own), other: endpointIndex(evaluation, other), protocol, port };
    const step = decisionsOn(evaluation, question).find((one) => denies(one));
    const action = step?.action === 'Deny' || step?.action === 'Isolated' ? step.action : undefined;
    const deniedBy =
      step && action && step.tied === undefined
        ? { policy: step.item, ...(step.rule ? { rule: step.rule } : {}), path: step.rule?.path ?? step.item.value.subject.path, action }
        : undefined;
    found.push({ connection, own: own.workload, ...(deniedBy ? { deniedBy } : {}) });
    if (found.length >= MAX_CONNECTIONS) break;
  }
  return found;
}
