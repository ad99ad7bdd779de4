import { intersectTraffic, isNoTraffic, NO_TRAFFIC, subtractTraffic, uniteTraffic, type Traffic } from '../base/ports.ts';
import type { Conditional, Outcome } from './outcome.ts';

/** The verdict on a source and a destination. */
export interface Verdict {
  readonly allowed: Traffic;
  /** May be allowed and may be denied. Depends on the order of policies whose order is undefined; without what is in `unknown`. */
  readonly ambiguous: Traffic;
  /** The part of `ambiguous` that depends on what the manifests do not say, or on policies that are not evaluated. */
  readonly unknown?: Traffic;
  /** The parts of `allowed` that are then judged by layer 7; no two have traffic in common. */
  readonly conditional?: readonly Conditional[];
  /** The verdicts by address family, where they differ: then what is allowed over either is in `allowed`. */
  readonly families?: Readonly<Record<Family, Verdict>>;
}

/** An address family: IPv4 or IPv6. */
export type Family = 4 | 6;

/** Nothing is allowed, whatever the order of policies. */
export const DENY_ALL: Verdict = { allowed: NO_TRAFFIC, ambiguous: NO_TRAFFIC };

/** What both directions together allow. */
export function combineOutcomes(egress: Outcome, ingress: Outcome): Verdict {
  const allowed = intersectTraffic(egress.sure, ingress.sure);
  const depends = subtractTraffic(intersectTraffic(egress.maybe, ingress.maybe), allowed);
  if (isNoTraffic(allowed) && isNoTraffic(depends)) return DENY_ALL;
  const uncertain = uniteTraffic(egress.unknown ?? NO_TRAFFIC, ingress.unknown ?? NO_TRAFFIC);
  const unknown = intersectTraffic(depends, uncertain);
  return {
    allowed,
    ambiguous: depends,
    ...(isNoTraffic(unknown) ? {} : { unknown }),
    ...((egress.conditional ?? ingress.conditional) ? conditionalOf(egress, ingress, allowed) : {}),
  };
}

/** What both directions allow on condition: where both have one, both must hold. */
function conditionalOf(egress: Outcome, ingress: Outcome, allowed: Traffic): Pick<Verdict, 'conditional'> {
  const parts = new Map<string, Traffic>();
  let rest = allowed;
  const add = (condition: string, traffic: Traffic): void => {
    const own = intersectTraffic(traffic, rest);
    if (isNoTraffic(own)) return;
    parts.set(condition, uniteTraffic(parts.get(condition) ?? NO_TRAFFIC, own));
    rest = subtractTraffic(rest, own);
  };
  const [out, into] = [byCondition(egress.conditional), byCondition(ingress.conditional)];
  for (const one of out)
    for (const other of into) add([...new Set([one.condition, other.condition])].join('; '), intersectTraffic(one.traffic, other.traffic));
  for (const { condition, traffic } of [...out, ...into]) add(condition, traffic);
  return parts.size === 0 ? {} : { conditional: [...parts].map(([condition, traffic]) => ({ condition, traffic })) };
}

/** Conditions of several rules for the same traffic: one of them is enough. */
function byCondition(conditional: readonly Conditional[] = []): readonly Conditional[] {
  const pieces: Conditional[] = [];
  for (const { condition, traffic } of conditional) {
    let left = traffic;
    for (const [i, piece] of pieces.slice().entries()) {
      const common = intersectTraffic(piece.traffic, left);
      if (isNoTraffic(common)) continue;
      const outside = subtractTraffic(piece.traffic, common);
      const words = piece.condition.split(' or ').includes(condition) ? piece.condition : `${piece.condition} or ${condition}`;
      pieces[i] = { condition: words, traffic: common };
      if (!isNoTraffic(outside)) pieces.push({ condition: piece.condition, traffic: outside });
      left = subtractTraffic(left, common);
    }
    if (!isNoTraffic(left)) pieces.push({ condition, traffic: left });
  }
  return pieces;
}

/** What is allowed over one family is allowed. */
export function eitherFamily(v4: Verdict, v6: Verdict): Verdict {
  const allowed = uniteTraffic(v4.allowed, v6.allowed);
  const ambiguous = subtractTraffic(uniteTraffic(v4.ambiguous, v6.ambiguous), allowed);
  const unknown = subtractTraffic(uniteTraffic(v4.unknown ?? NO_TRAFFIC, v6.unknown ?? NO_TRAFFIC), allowed);
  const conditional = v4.conditional ?? v6.conditional;
  return {
    allowed,
    ambiguous,
    ...(isNoTraffic(unknown) ? {} : { unknown }),
    ...(conditional ? { conditional } : {}),
    families: { 4: v4, 6: v6 },
  };
}
