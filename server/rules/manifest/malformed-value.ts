import { quote } from '../../base/english.ts';
import { everyKind } from '../about.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'malformed-value',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that does not have the form its field requires.',
  why: 'The schema of the API has a pattern for the field, and the API server rejects the manifest.',
  noFix: 'What was meant cannot be derived from what is written.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, enforced, params, path, at, span } of issues) {
      const form = FORMS.get(params.format ?? '');
      if (!enforced || keyword !== 'format' || form === undefined) continue;
      yield {
        span,
        path,
        message: `${fieldName(at)} must be ${form}, so the API server rejects ${quote(String(params.value ?? ''))}. Correct it.`,
      };
    }
  },
};

export default rule;

const FORMS: ReadonlyMap<string, string> = new Map([
  ['ip', 'an IPv4 or IPv6 address'],
  ['log-label', 'at most 63 letters, digits, dashes, dots and underscores that start and end with a letter or digit'],
]);
