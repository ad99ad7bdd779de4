import type { AddressRange } from '../base/addresses.ts';
import { firstTraffic, NO_TRAFFIC, subtractTraffic, type Protocol } from '../base/ports.ts';
import type { Workload } from '../model/workload.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { pairName, pairs, type OutsideRange } from './connections.ts';
import type { Endpoint, Evaluation } from './evaluate.ts';
import { stepsOnBothSides } from './explain.ts';
import { tiesAmong } from './stage-order.ts';

/** A pair whose verdict depends on an order that nothing defines, with one concrete connection and what disagrees on it. */
export interface UndefinedPair {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly policies: readonly string[];
  readonly rules: readonly TiedRule[];
}

/** A rule of one of the policies that tie. */
export interface TiedRule {
  readonly key: ManifestKey;
  readonly policy: string;
  readonly rule: string;
  readonly action: string;
}

/** Every pair with an undefined verdict, in the order of `connections`. Costs next to nothing where no two policies tie. */
export function* undefinedPairs(evaluation: Evaluation, rangeName?: (range: OutsideRange) => string): Generator<UndefinedPair> {
  const { plane } = evaluation.space.objects;
  const policies = evaluation.cluster.policies.map(({ value }) => value);
  if (tiesAmong(policies, plane).length === 0) return;
  for (const { from, to, verdict } of pairs(evaluation)) {
    const witness = firstTraffic(subtractTraffic(verdict.ambiguous, verdict.unknown ?? NO_TRAFFIC));
    if (!witness) continue;
    const rules = stepsOnBothSides(evaluation, {
      from: endOf(from),
      to: endOf(to),
      protocol: witness.protocol,
      port: witness.port,
    }).flatMap(({ at, tied, policy = '', rule = '', action }) => (at && tied ? [{ key: at.key, policy, rule, action }] : []));
    yield {
      src: pairName(evaluation, from, rangeName),
      dst: pairName(evaluation, to, rangeName),
      ...witness,
      policies: [...new Set(rules.map((rule) => rule.policy))],
      rules,
    };
  }
}

function endOf(end: Workload | AddressRange): Endpoint {
  return 'family' in end ? { kind: 'address', ip: { family: end.family, value: end.from } } : { kind: 'workload', workload: end };
}
