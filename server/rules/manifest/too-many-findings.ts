import { count, thousands } from '../../base/english.ts';
import { MAX_FINDINGS } from '../make-finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'too-many-findings',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'relaxed',
  summary: 'A manifest with more findings than are shown.',
  why: 'Of one manifest at most 1,000 findings are reported, errors first. More would not be read, and most of them have one cause.',
  companions: ['unknown-field'],
  anyDocument: true,
  afterAll: true,
  *check({ omitted, isCounted, text }) {
    if (omitted === 0) return;
    const start = text.search(/\S/);
    const end = text.slice(start).search(/[\r\n]/);
    yield {
      span: { start, end: end === -1 ? text.length : start + end },
      path: [],
      message: `This manifest has more than ${thousands(MAX_FINDINGS)} findings; ${isCounted ? '' : 'at least '}${count(omitted, 'further one')} ${omitted === 1 ? 'is' : 'are'} not shown. Fix the first ones, which often explain the others, or ignore their rules.`,
    };
  },
};

export default rule;
