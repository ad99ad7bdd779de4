import { DIRECTIONS } from '../../model/policy.ts';
import { samePath } from '../../syntax/path.ts';
import { asMap, asSeq, isNull, pairOf, type Node } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { picksAll, scopeWords, selectorsIn, type SelectorPart } from '../../analysis/policy-parts.ts';
import { putValue } from '../repair/insert-item.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'empty-match-labels',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: "'matchLabels' or 'matchExpressions' is empty, so the selector matches everything.",
  why: 'It looks like a narrow selector that has yet to be completed, or that a template left without labels; in the cluster it selects everything.',
  *check(context) {
    for (const part of selectorsIn(context.policy)) {
      if (!picksAll(part.selector)) continue;
      const map = asMap(context.at(part.selector.path));
      const field = ['matchLabels', 'matchExpressions'].find((name) => isBlank(pairOf(map, name)?.value));
      if (!map || field === undefined) continue;
      // `{}` is written on purpose; a field without a value is not, unless the policy is a default for all pods.
      const wilful = !isNull(pairOf(map, field)?.value) || isDefault(context, part);
      const message = `'${field}' ${isNull(pairOf(map, field)?.value) ? 'has no value' : 'is empty'}, so this selects ${everything(context, part)}. ${wilful ? "Write '{}' as the whole selector." : "Add a label, or write '{}' as the whole selector."}`;
      const extras = { fixes: simpler(context, part, wilful), ...(wilful ? { severity: 'hint' as const } : {}) };
      yield onKey(context, [...part.selector.path, field], message, extras);
    }
  },
};

export default rule;

/** A policy that only denies, for the pods that it isolates: a default deny is for all of them. */
function isDefault({ policy }: ManifestContext, { within, selector }: SelectorPart): boolean {
  if (!policy?.traits.isolates || !within || !samePath(selector.path, policy.subject.pods.path)) return false;
  return DIRECTIONS.every((direction) => (policy[direction]?.rules.length ?? 0) === 0);
}

function isBlank(node: Node | undefined): boolean {
  if (node === undefined || node.hole) return false;
  return isNull(node) || asMap(node)?.pairs.length === 0 || asSeq(node)?.items.length === 0;
}

function everything(context: ManifestContext, { of, within }: SelectorPart): string {
  return within ? `every pod ${scopeWords(context, within)}` : `every ${of}`;
}

function simpler({ at, text }: ManifestContext, { selector }: SelectorPart, safe: boolean): readonly Fix[] {
  const parent = at(selector.path.slice(0, -1));
  const pair = pairOf(parent, String(selector.path.at(-1)));
  if (pair === undefined || pair.value.kind !== 'map' || pair.value.flow) return [];
  return [{ title: `Write '${String(selector.path.at(-1))}: {}'`, edits: [putValue(text, pair, '{}')], safe }];
}
