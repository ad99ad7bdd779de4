import { list } from '../../base/english.ts';
import { blocksOf } from '../../eval/stages.ts';
import { actionWord } from '../../model/describe.ts';
import { DIRECTIONS, type Policy, type RuleAction, type Rule } from '../../model/policy.ts';
import { coversOf, comparisonBudget } from '../../analysis/redundancy/covered.ts';
import { onKey } from '../draft.ts';
import { forExample, possibleInstance } from '../../analysis/witness/instance.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { anyWithTraits } from '../about.ts';
import { removal } from '../repair/list-fixes.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'shadowed-rule',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: anyWithTraits({ ordered: true }),
  summary: 'A rule that is never reached because earlier rules of the policy match all of its traffic.',
  why: 'The first rule that matches decides, in the order of the list. A rule after a wider one has no effect, whatever its action.',
  *check(context) {
    const { policy } = context;
    if (!policy) return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules.filter(({ path }) => isReadable(policy, path)) ?? [];
      const budget = comparisonBudget();
      for (const [i, rule] of rules.entries()) {
        const covers = coversOf(rule, rules.slice(0, i), direction, budget, blocksOf(policy, context.settings.ciliumCidrMatchMode));
        if (!covers) continue;
        // With the same action the rule is only superfluous; with another one it does not do what it says.
        const same = covers.every(({ action }) => action === rule.action);
        const example = forExample(possibleInstance(policy, rule, direction));
        const message = `This rule is never reached: ${list(
          covers.map((one) => wordsFor(one, policy)),
          'and',
          3,
        )} already ${covers.length === 1 ? 'matches' : 'match'} all of it${example}. ${same ? 'Remove it.' : `Move it up if its ${actionWord(rule, policy)} is meant to apply.`}`;
        const related = covers.map(({ path, action }) => ({ path, message: `${DOES[action]} it first.` }));
        const fixes = same ? removal(context, rule.path, 'Remove the rule') : [];
        yield onKey(context, rule.path, message, { unnecessary: true, related, fixes, severity: same ? 'hint' : 'warning' });
      }
    }
  },
};

export default rule;

const DOES: Readonly<Record<RuleAction, string>> = { Accept: 'Accepts', Deny: 'Denies', Pass: 'Passes', Log: 'Logs' };

function wordsFor(rule: Rule, policy: Policy): string {
  const { index, name } = rule;
  return `rule ${index + 1}${name === undefined ? '' : ` '${name}'`} (${actionWord(rule, policy)})`;
}
