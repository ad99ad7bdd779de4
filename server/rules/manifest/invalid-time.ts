import { quote } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-time',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a timestamp.',
  why: 'Timestamps have the form 2026-01-31T12:00:00Z; the API server rejects anything else. The server sets these fields itself, so omit them.',
  about: everyKind,
  *check({ issues }) {
    for (const { params, at, path, span } of issues) {
      if (params.format === 'rfc3339')
        yield {
          span,
          path,
          message: `${fieldName(at)} ${quote(String(params.value ?? ''))} is not a timestamp like 2026-01-31T12:00:00Z, so the API server rejects the manifest. Remove the field; the server sets it.`,
        };
    }
  },
};

export default rule;
