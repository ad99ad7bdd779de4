import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tag',
  summary: 'A tag that does not fit its value.',
  why: 'The tag declares the type of the value. If the value has another type, the API server rejects the manifest.',
  companions: ['wrong-type'],
});

export default rule;
