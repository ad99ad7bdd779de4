import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-syntax',
  summary: 'The text is not YAML.',
  why: 'The API server cannot parse the manifest, so no part of it is applied.',
  companions: ['unknown-field', 'wrong-type', 'invalid-label-key', 'invalid-label-value', 'missing-field', 'null-label-value'],
});

export default rule;
