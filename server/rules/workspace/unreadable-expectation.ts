import { EXPECT } from '../../syntax/expectation.ts';
import { expectationsOf } from '../../analysis/expectations.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'unreadable-expectation',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  inText: [EXPECT, '->'],
  summary: 'An expectation in a comment that cannot be checked.',
  why: 'It looks like a test of the policies, but it names a workload or a port that does not exist, or cannot be parsed, so it tests nothing.',
  *check(context) {
    for (const one of expectationsOf(context)) {
      if (one.kind !== 'uncheckable') continue;
      const { misspelt } = one.expectation;
      const title = misspelt && (/^expect$/i.test(misspelt.text) ? 'Add the colon' : "Write 'expect:'");
      const fixes = misspelt && title ? [{ title, edits: [{ ...misspelt.span, text: 'expect:' }], safe: false }] : [];
      yield { span: one.at, path: [], message: one.message, fixes };
    }
  },
};

export default rule;
