import { onKey } from '../draft.ts';
import { selectorsIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'in-with-one-value',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  profile: 'audit',
  summary: "An 'In' requirement with a single value.",
  why: 'An entry of matchLabels means exactly the same and is shorter to read.',
  companions: ['single-label-selector'],
  *check(context) {
    for (const { selector } of selectorsIn(context.policy)) {
      for (const { key, operator, values, path } of selector.requirements) {
        const [value] = values;
        if (operator !== 'In' || values.length !== 1 || typeof path.at(-1) !== 'number') continue;
        yield onKey(
          context,
          path,
          `This expression has one value. Write '${key}: ${String(value)}' under matchLabels, which means the same.`,
        );
      }
    }
  },
};

export default rule;
