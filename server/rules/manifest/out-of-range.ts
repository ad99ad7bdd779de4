import { thousands } from '../../base/english.ts';
import type { Issue } from '../schema/issue.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'out-of-range',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A number that is too small or too large for its field.',
  why: 'The API server rejects the manifest. Ports range from 1 to 65535, priorities from 0 to 1000.',
  about: everyKind,
  *check({ issues }) {
    const reported = new Set<string>();
    for (const issue of issues) {
      if (!isAboutSize(issue)) continue;
      const key = JSON.stringify(issue.at);
      if (reported.has(key)) continue;
      reported.add(key);
      const { minimum, maximum } = issue.place.schema;
      const range =
        minimum !== undefined && maximum !== undefined
          ? `a number from ${minimum} to ${maximum}`
          : minimum !== undefined
            ? `at least ${minimum}`
            : 'a number of ordinary size';
      const value = typeof issue.params.value === 'number' ? thousands(issue.params.value).replaceAll(',', '') : 'the number';
      yield {
        span: issue.span,
        path: issue.path,
        message: `${fieldName(issue.at)} must be ${range}, so the API server rejects ${value}. Correct it.`,
      };
    }
  },
};

export default rule;

function isAboutSize({ keyword, params }: Issue): boolean {
  return keyword === 'minimum' || keyword === 'maximum' || (keyword === 'format' && typeof params.value === 'number');
}
