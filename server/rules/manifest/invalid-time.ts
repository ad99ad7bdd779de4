import { quote } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'invalid-time',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a timestamp.',
  why: 'Times are written as 2026-01-31T12:00:00Z; the API server cannot read anything else. The server sets these fields itself, so they are best left out.',
  *check({ issues }) {
    for (const { params, at, path, span } of issues) {
      if (params.format === 'rfc3339')
        yield {
          span,
          path,
          message: `${fieldName(at)} ${quote(String(params.value ?? ''))} is no time such as 2026-01-31T12:00:00Z; the API server rejects it. Remove the field, the server sets it.`,
        };
    }
  },
};

export default rule;
