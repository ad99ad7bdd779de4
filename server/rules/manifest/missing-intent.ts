import { asMap, get, pairsOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'missing-intent',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  summary: 'No annotation and no comment says what the policy is for.',
  why: 'The file says what is allowed, not why. Years later nobody dares to remove a rule whose reason is not written down.',
  *check(context) {
    const { at, partial, text } = context;
    const metadata = asMap(at(['metadata']));
    const annotations = asMap(get(metadata, 'annotations'));
    if (partial || !metadata || metadata.hole || get(metadata, 'annotations')?.hole || annotations?.hole) return;
    const tells = (annotations ? pairsOf(annotations) : []).some(({ name }) =>
      /descri|purpose|intent|reason|summary|justif|ticket|why|doc/i.test(name ?? ''),
    );
    // A comment of a few words will do.
    if (tells || /(?:^|\s)#+\s*\p{L}+\s+\p{L}+\s+\p{L}+/mu.test(text)) return;
    yield onKey(
      context,
      ['metadata'],
      "Nothing says what this policy is for. An annotation 'kubernetes.io/description' or a comment does.",
    );
  },
};

export default rule;
