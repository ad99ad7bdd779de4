import { verdict, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import type { Verdict } from '../../eval/verdict.ts';

/** Two endpoints, and the verdict on what goes from one to the other. */
export interface EndpointVerdict {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly verdict: Verdict;
}

/** Classes of pods that are looked at, at most, and ranges of addresses. */
const MAX_CLASSES = 150;
const MAX_RANGES = 60;
const PAIRS_OF_A_STEP = 500;

/**
 * The verdicts between one pod of each class and one address of each range, those between pods first. Gives `undefined` now and then, so
 * that others may be served meanwhile.
 */
export function* evaluationPairs(evaluation: Evaluation): Generator<EndpointVerdict | undefined> {
  const { classes, atoms } = evaluation.space;
  const pods = classes.slice(0, MAX_CLASSES).map(({ sample }): Endpoint => ({ kind: 'workload', workload: sample }));
  const addresses = atoms.slice(0, MAX_RANGES).map(({ family, from }): Endpoint => ({ kind: 'address', ip: { family, value: from } }));
  let count = 0;
  for (const others of [pods, addresses]) {
    for (const one of pods) {
      for (const other of others) {
        if (one === other) continue;
        if (++count % PAIRS_OF_A_STEP === 0) yield undefined;
        yield { from: one, to: other, verdict: verdict(evaluation, one, other) };
        if (others === addresses) yield { from: other, to: one, verdict: verdict(evaluation, other, one) };
      }
    }
  }
}
