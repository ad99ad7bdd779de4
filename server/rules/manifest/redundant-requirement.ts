import { formatPath, type Path } from '../../syntax/path.ts';
import { asMap, asSeq, pairOf } from '../../syntax/tree.ts';
import { removeItem, removePair } from '../../syntax/edit.ts';
import { contradictionIn } from '../../model/contradiction.ts';
import type { Requirement } from '../../model/selector.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { selectorsIn } from '../../analysis/policy-parts.ts';
import { redundantIn } from '../../analysis/redundancy/requirements.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-requirement',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  summary: 'A requirement of a selector that another requirement implies.',
  why: 'The selector matches the same objects without it.',
  *check(context) {
    for (const { selector } of selectorsIn(context.policy)) {
      if (contradictionIn(selector) !== undefined) continue;
      for (const { requirement, because } of redundantIn(selector)) {
        const message = `This requirement on '${requirement.key}' has no effect: ${formatPath(because.path.slice(-2))} already implies it. Remove it.`;
        const related = [{ path: because.path, message: 'Implies this requirement.' }];
        yield onKey(context, requirement.path, message, {
          unnecessary: true,
          related,
          // Other values in the list are something that its author wanted, and does not get.
          fixes: removal(context, requirement.path, selector.path).map((fix) => ({
            ...fix,
            safe: fix.safe && !wantsMore(requirement, because),
          })),
        });
      }
    }
  },
};

export default rule;

function wantsMore(requirement: Requirement, because: Requirement): boolean {
  return requirement.operator === 'In' && requirement.values.some((value) => !because.values.includes(value));
}

function removal({ text, at }: ManifestContext, path: Path, selector: Path): readonly Fix[] {
  const last = path.at(-1);
  const parent = at(path.slice(0, -1));
  const list = asSeq(parent);
  const map = asMap(parent);
  if (parent?.kind === 'alias') return [];
  const item = typeof last === 'number' ? list?.items[last] : undefined;
  const pair = typeof last === 'string' ? pairOf(map, last) : undefined;
  const outer = asMap(at(selector));
  const whole = pairOf(outer, list ? 'matchExpressions' : 'matchLabels');
  const only = (list?.items.length ?? map?.pairs.length) === 1;
  const title = 'Remove the requirement';
  if (only && outer && whole && outer.pairs.includes(whole)) return [{ title, edits: [removePair(text, outer, whole)], safe: true }];
  if (list && item) return [{ title, edits: [removeItem(text, list, item)], safe: true }];
  return map && pair && map.pairs.includes(pair) ? [{ title, edits: [removePair(text, map, pair)], safe: true }] : [];
}
