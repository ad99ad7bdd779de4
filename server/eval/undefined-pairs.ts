import type { AddressRange } from '../base/addresses.ts';
import { firstTraffic, isNoTraffic } from '../base/ports.ts';
import type { Protocol } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import { nameOf, pairs } from './connections.ts';
import type { End, Evaluation } from './evaluate.ts';
import { explain } from './explain.ts';

/** A pair whose verdict depends on an order that nothing defines, with one concrete connection and the policies that tie. */
export interface UndefinedPair {
  readonly src: string;
  readonly dst: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly policies: readonly string[];
}

/** Every pair with an undefined verdict. KEP-2091: which of two policies with equal priority wins is up to the implementation. */
export function* undefinedPairs(evaluation: Evaluation): Generator<UndefinedPair> {
  for (const { from, to, verdict } of pairs(evaluation)) {
    const witness = isNoTraffic(verdict.undefined) ? undefined : firstTraffic(verdict.undefined);
    if (!witness) continue;
    const { steps } = explain(evaluation.cluster, endOf(from), endOf(to), witness.protocol, witness.port);
    const policies = [...new Set(steps.filter((step) => step.tied).map((step) => step.policy ?? ''))];
    yield { src: nameOf(from), dst: nameOf(to), ...witness, policies };
  }
}

function endOf(end: Workload | AddressRange): End {
  return 'family' in end ? { kind: 'address', ip: { ok: true, family: end.family, value: end.from, leadingZeros: false, ipv4Mapped: false } } : { kind: 'workload', workload: end };
}
