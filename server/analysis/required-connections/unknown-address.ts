import { addressesIn, meetAddresses } from '../../base/addresses.ts';
import { POD_ADDRESSES } from '../../base/known-blocks.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { hasUnknownAddress } from '../../eval/pod-addresses.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { type Path, samePath } from '../../syntax/path.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { decisionsOn, type DecisionQuestion } from '../precedence/decisions.ts';
import { policiesBefore } from '../precedence/tier-order.ts';

/** A rule of the tiers that denies. */
export interface Deny {
  readonly policy: Policy;
  readonly path: Path;
}

/**
 * Might a rule that is evaluated before a Deny of the tiers allow a pod by an address block, though its address is unknown? Rules after the
 * Deny cannot: the first rule that matches decides.
 */
export function mayPassBefore(cluster: Cluster, evaluation: Evaluation, deny: Deny, question: DecisionQuestion, other: Workload): boolean {
  if (!hasUnknownAddress(other)) return false;
  const { atoms, classes } = evaluation.space;
  const earlier = new Set(policiesBefore(cluster, deny.policy).map(({ value }) => value));
  const own = DIRECTIONS.flatMap((one) => deny.policy[one]?.rules ?? []).find(({ path }) => samePath(path, deny.path))?.index ?? 0;
  const isBefore = ({ item, rule, action }: ReturnType<typeof decisionsOn>[number]): boolean =>
    (action === 'Accept' || action === 'Pass') &&
    (earlier.has(item.value) || (item.value === deny.policy && rule !== undefined && rule.index < own));
  return atoms.some(
    (atom, at) =>
      meetAddresses(addressesIn([atom]), POD_ADDRESSES) &&
      decisionsOn(evaluation, { ...question, other: classes.length + at }).some(isBefore),
  );
}
