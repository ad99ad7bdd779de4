import { coveredBy, ruleImplies, rulesDisjoint } from '../eval/subsume.ts';
import type { Direction, Rule } from '../model/policy.ts';

/**
 * The rules that together match every connection a rule matches, as few as can be told: one that does so alone, else all that have a part
 * in it. `undefined` unless it is sure, and for a rule that matches nothing at all.
 */
export function coversOf(rule: Rule, others: readonly Rule[], direction: Direction): readonly Rule[] | undefined {
  if (others.length === 0 || coveredBy(rule, others, direction).kind !== 'yes' || rulesDisjoint(rule, rule, direction).kind !== 'no') return undefined;
  const alone = others.find((other) => ruleImplies(rule, other, direction).kind === 'yes');
  return alone ? [alone] : others.filter((other) => rulesDisjoint(rule, other, direction).kind !== 'yes');
}

/** What the others already say, from the last part to the first: each one with those that say it. What is left says the same. */
export function redundantParts(parts: readonly Rule[], direction: Direction): readonly { readonly part: Rule; readonly covers: readonly Rule[] }[] {
  const found: { readonly part: Rule; readonly covers: readonly Rule[] }[] = [];
  let left = parts;
  for (const part of parts.toReversed()) {
    const rest = left.filter((other) => other !== part);
    const covers = coversOf(part, rest, direction);
    if (!covers) continue;
    found.push({ part, covers });
    left = rest;
  }
  return found;
}
