import { list } from '../../base/english.ts';
import { DIRECTIONS, type Policy, type Rule } from '../../model/policy.ts';
import { stringOf } from '../../syntax/tree.ts';
import { redundantParts } from '../../analysis/redundancy/covered.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { hasExclusion, isUndone } from '../../analysis/redundancy/exclusions.ts';
import { isSplitOf } from '../../analysis/redundancy/split-rules.ts';
import { onKey } from '../draft.ts';
import { forExample, possibleInstance } from '../../analysis/witness/instance.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { either, ofApi, withTraits } from '../about.ts';
import { removal } from '../repair/list-fixes.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-rule',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: either(withTraits({ ordered: false, denies: false }), ofApi('cilium', 'policy')),
  summary: 'A rule that allows only what other rules of the policy allow.',
  why: 'Rules are additive, so this rule has no effect. It looks like a narrow permission and hides that a wider one exists.',
  *check(context) {
    for (const policy of context.policy?.parts ?? (context.policy ? [context.policy] : [])) yield* redundantIn(context, policy);
  },
};

export default rule;

/** The rules of a policy, or of a part of one, that others of it make redundant. */
function* redundantIn(context: ManifestContext, policy: Policy): Iterable<Draft> {
  const isNamed = stringOf(context.at(['metadata', 'namespace'])) !== undefined;
  for (const direction of DIRECTIONS) {
    const isWhole = (other: Rule, part: Rule): boolean => !isSplitOf(policy, direction, other, part) && isUnconditional(other);
    const rules = policy[direction]?.rules.filter((one) => isReadable(policy, one.path) && isComparable(policy, one)) ?? [];
    for (const { part, covers } of redundantParts(rules, direction, isWhole)) {
      if (isUndone(policy, part)) continue;
      const example = forExample(possibleInstance(policy, part, direction, { isNamed }));
      const message = `This rule has no effect: ${list(covers.map(numbered), 'and', 3)} of the list already ${covers.length === 1 ? 'allows' : 'allow'} all of it${example}. Remove it, or narrow the wider rule.`;
      const related = covers.map(({ path }) => ({ path, message: 'Already allows this.' }));
      // A rule that allows everything was perhaps put in for a while; whoever takes it out will miss the others.
      const isOpen = covers.some(allowsAll);
      const fixes = (hasExclusion(part) ? [] : removal(context, part.path, 'Remove the rule')).map((fix) => ({
        ...fix,
        safe: fix.safe && !isOpen,
      }));
      yield onKey(context, part.path, message, { unnecessary: true, related, fixes });
    }
  }
}

/** Does a rule allow connections without asking more of the requests? Only such a rule allows all that a narrower one does. */
function isUnconditional({ condition }: Rule): boolean {
  return condition === undefined;
}

/** Rules of Cilium that can be compared: they allow, name pods or addresses, and do not serve to learn the addresses of names. */
function isComparable({ api }: Policy, { action, peers, lookups, note }: Rule): boolean {
  if (api !== 'cilium') return true;
  const isPlain = peers === 'any' || peers.every(({ kind }) => kind === 'pods' || kind === 'networks');
  return action === 'Accept' && isPlain && lookups === undefined && note === undefined;
}

function numbered({ index }: Rule): string {
  return `rule ${index + 1}`;
}
