import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tag',
  summary: 'A tag that does not fit its value.',
  why: 'The tag says of what type the value is; where that is not so, the API server rejects the document.',
  companions: ['wrong-type'],
});

export default rule;
