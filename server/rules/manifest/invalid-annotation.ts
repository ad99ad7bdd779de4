import { thousands } from '../../base/english.ts';
import { keyFault } from '../text/label-words.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-annotation',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An annotation with an invalid key, or too many annotations.',
  why: 'Annotation keys have the same form as label keys, and all annotations together may have 256 KiB. The API server rejects anything else.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, params, span, path } of issues) {
      if (keyword === 'max-bytes')
        yield {
          span,
          path,
          message: `The annotations have ${thousands(Number(params.value ?? 0))} bytes, more than the ${thousands(params.limit ?? 0)} that the API server accepts. Shorten them.`,
        };
      if (params.format === 'annotation-key')
        yield {
          span,
          path,
          message: `${keyFault(String(params.value ?? ''), 'annotation key')}, so the API server rejects the manifest. Correct the key.`,
        };
    }
  },
};

export default rule;
