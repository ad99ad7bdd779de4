import { contradictionIn } from '../../model/contradiction.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { onKey } from '../draft.ts';
import { selectorsIn, type SelectorPart } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'contradictory-selector',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'The requirements of a selector contradict each other.',
  why: 'All requirements of a selector must hold at once. Where two of them contradict each other, the selector matches nothing: a policy applies to no pods, or a rule allows no source.',
  *check(context) {
    for (const part of selectorsIn(context.policy)) {
      const clash = contradictionIn(part.selector) ?? namelessIn(part);
      if (clash !== undefined) yield onKey(context, part.selector.path, `This selects no ${part.of}: ${clash}. ${effect(part, clash)}`);
    }
  },
};

export default rule;

/** The API server gives every namespace the label with its name (kubernetes/enhancements KEP-2161). */
function namelessIn({ selector, of }: SelectorPart): string | undefined {
  const isNameless = selector.requirements.some(({ key, operator }) => key === NAME_LABEL && operator === 'DoesNotExist');
  return of === 'namespace' && isNameless ? `every namespace has ${NAME_LABEL}` : undefined;
}

function effect({ rule }: SelectorPart, clash: string): string {
  if (clash.startsWith('every'))
    return rule ? 'The peer matches nothing. Remove the requirement.' : 'The policy applies to nothing. Remove the requirement.';
  if (!rule) return 'The policy applies to nothing. Remove one of the two requirements.';
  // One label cannot have two values at once, but two pods can.
  const isEither = !clash.includes(' and must ');
  return isEither
    ? "The peer matches nothing. To match either value, write both in one 'In' list, or use two peers."
    : 'The peer matches nothing. Remove one of the two requirements.';
}
