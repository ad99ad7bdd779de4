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
  why: 'The manifest says what is allowed, not why. A rule whose reason is not recorded is never removed.',
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
    yield onKey(context, ['metadata'], "No purpose is recorded. Add an annotation 'kubernetes.io/description', or a comment.");
  },
};

export default rule;
