import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-key',
  summary: 'A key that is not a string.',
  why: 'A key must be a string: the API server rejects a missing key, and a list or an object as a key.',
});

export default rule;
