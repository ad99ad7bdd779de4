import { quote } from '../../base/english.ts';
import { removeItem } from '../../syntax/edit.ts';
import { asSeq, type Node } from '../../syntax/tree.ts';
import { allowAllRules, contradictsName } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';
import type { RulePart } from '../../analysis/policy-parts.ts';
import { withTraits } from '../about.ts';

const rule: ManifestRule = {
  name: 'deny-name-allows-all',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ isolates: true }),
  summary: 'A policy whose name says deny allows everything.',
  why: "An empty list of rules ('ingress: []') denies everything; a list with one empty rule ('ingress: [{}]') allows everything. Two characters make the difference.",
  *check(context) {
    const { policy } = context;
    if (!policy || !contradictsName(policy)) return;
    for (const part of allowAllRules(policy)) {
      const message = `${quote(policy.name)} allows all ${part.direction}: an empty rule matches all traffic. To deny it, write an empty list of rules ('${part.direction}: []').`;
      yield onValue(context, part.rule.path, message, { fixes: removal(context, part) });
    }
  },
};

export default rule;

function removal({ text, at }: ManifestContext, { section, rule }: RulePart): readonly Fix[] {
  const node: Node | undefined = at(section.path);
  const list = asSeq(node);
  const item = list?.items[rule.index];
  return list && item && node?.kind === 'seq'
    ? [{ title: 'Remove the rule that allows everything', edits: [removeItem(text, list, item)], safe: false }]
    : [];
}
