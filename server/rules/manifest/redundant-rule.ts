import { list } from '../../base/english.ts';
import { blocksOf } from '../../eval/stages.ts';
import { DIRECTIONS, type Policy, type Rule } from '../../model/policy.ts';
import { stringOf } from '../../syntax/tree.ts';
import { redundantParts } from '../../analysis/redundancy/covered.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { hasExclusion, isUndone } from '../../analysis/redundancy/exclusions.ts';
import { isSplitOf } from '../../analysis/redundancy/split-rules.ts';
import { onKey } from '../draft.ts';
import { forExample, possibleInstance } from '../../analysis/witness/instance.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { anyWithTraits } from '../about.ts';
import { removal } from '../repair/list-fixes.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-rule',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: anyWithTraits({ ordered: false }),
  summary: 'A rule that allows only what other rules of the policy allow, or denies only what they deny.',
  why: 'Rules are additive, so this rule has no effect. It looks like a narrow permission and hides that a wider one exists.',
  *check(context) {
    for (const policy of context.policy?.parts ?? (context.policy ? [context.policy] : [])) yield* redundantIn(context, policy);
  },
};

export default rule;

/** The rules of a policy, or of a part of one, that others of it make redundant. */
function* redundantIn(context: ManifestContext, policy: Policy): Generator<Draft | undefined, void> {
  const isNamed = stringOf(context.at(['metadata', 'namespace'])) !== undefined;
  for (const direction of DIRECTIONS) {
    const isWhole = (other: Rule, part: Rule): boolean => other.action === part.action && !isSplitOf(policy, direction, other, part);
    const rules = policy[direction]?.rules.filter((one) => isReadable(policy, one.path) && !learnsAddresses(one)) ?? [];
    for (const found of redundantParts(rules, direction, isWhole, blocksOf(policy, context.settings.ciliumCidrMatchMode))) {
      if (!found) {
        yield undefined;
        continue;
      }
      const { part, covers } = found;
      if (isUndone(policy, part)) continue;
      const example = forExample(possibleInstance(policy, part, direction, { isNamed }));
      const [one, all, does] = part.action === 'Deny' ? ['denies', 'deny', 'Denies'] : ['allows', 'allow', 'Allows'];
      const message = `This rule has no effect: ${list(covers.map(numbered), 'and', 3)} of the list already ${covers.length === 1 ? one : all} all of it${example}. Remove it, or narrow the wider rule.`;
      const related = covers.map(({ path }) => ({ path, message: `${does} this already.` }));
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

/** Does a rule also serve to learn the addresses of names? Then it has an effect besides what it allows. */
function learnsAddresses({ lookups }: Rule): boolean {
  return lookups !== undefined;
}

function numbered({ index }: Rule): string {
  return `rule ${index + 1}`;
}
