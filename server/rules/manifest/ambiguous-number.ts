import { quote } from '../../base/english.ts';
import { replace } from '../../syntax/edit.ts';
import { integerOf } from '../../syntax/scalar.ts';
import { asScalar } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'ambiguous-number',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'A number in a form that YAML 1.1 reads as another number.',
  why: 'Kubernetes reads YAML 1.1: a leading zero makes a number octal, so 0120 is port 80, and 1_000, 0x50 and 8e1 are numbers too. The API server stores the result without a warning.',
  about: everyKind,
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      const scalar = asScalar(node);
      const isNumber = place.schema.type === 'integer' || place.schema['x-int-or-string'] === true;
      if (!scalar || scalar.hole || !isNumber || scalar.style !== 'plain' || path[0] === 'metadata') continue;
      const value = integerOf(scalar.value);
      if (value === undefined || String(value) === scalar.text) continue;
      const fixes =
        node.kind === 'scalar'
          ? [{ title: `Change to ${value} (same value)`, edits: [replace(scalar.span, String(value))], safe: true }]
          : [];
      yield onValue(context, path, `${quote(scalar.text)} is read as ${value}. Write ${value}, or the number that you mean.`, { fixes });
    }
  },
};

export default rule;
