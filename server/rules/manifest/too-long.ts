import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'too-long',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is longer than its field allows.',
  why: 'The API server rejects the manifest. The name of a rule has at most 100 characters.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, at, path, span, params } of issues) {
      if (keyword !== 'maxLength' && keyword !== 'minLength') continue;
      const length = [...String(params.value ?? '')].length;
      const bound =
        keyword === 'maxLength' ? `at most ${params.limit ?? 0} characters, not ${length}` : `at least ${params.limit ?? 1} character`;
      yield {
        span,
        path,
        message: `${fieldName(at)} must have ${bound}, so the API server rejects the manifest. ${keyword === 'maxLength' ? 'Shorten it.' : 'Write a value.'}`,
      };
    }
  },
};

export default rule;
