import { asMap, asSeq, pairOf, isNull } from '../../syntax/tree.ts';
import { likeScalar, removePair, replace } from '../../syntax/edit.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'selector-values',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "'In' or 'NotIn' without values, or 'Exists' or 'DoesNotExist' with values.",
  why: 'In and NotIn need at least one value; Exists and DoesNotExist must have none. The API server rejects anything else.',
  about: everyKind,
  *check({ issues, at, text }) {
    for (const { keyword, enforced, params, span, path } of issues) {
      if (keyword !== 'selector-requirement' || !enforced) continue;
      const operator = params.key ?? '';
      const parent = at(path.slice(0, -1));
      const map = asMap(parent);
      const pair = pairOf(map, 'values');
      if (operator === 'In' || operator === 'NotIn') {
        const written = pairOf(map, 'operator')?.value;
        const where = pair && !isNull(pair.value) ? span : (written?.span ?? span);
        const other = operator === 'In' ? 'Exists' : 'DoesNotExist';
        const meaning = operator === 'In' ? 'any value matches' : 'the label must not exist';
        const fixes =
          parent?.kind === 'map' && written?.kind === 'scalar' && !pair
            ? [{ title: `Change to ${other} (${meaning})`, edits: [replace(written.span, likeScalar(other, written))], safe: false }]
            : [];
        yield {
          span: parent?.kind === 'map' ? where : span,
          path,
          message: `'${operator}' has no values, so the API server rejects the manifest. Add 'values', or write ${other}.`,
          fixes,
        };
      } else {
        const fixes =
          parent?.kind === 'map' && pair && map?.pairs.includes(pair)
            ? [{ title: "Remove 'values'", edits: [removePair(text, parent, pair)], safe: asSeq(pair.value)?.items.length === 0 }]
            : [];
        yield {
          span,
          path,
          message: `'${operator}' must not have values, so the API server rejects the manifest. Remove 'values', or write ${operator === 'Exists' ? 'In' : 'NotIn'}.`,
          fixes,
        };
      }
    }
  },
};

export default rule;
