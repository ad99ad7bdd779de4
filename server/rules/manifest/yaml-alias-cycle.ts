import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-alias-cycle',
  summary: 'An anchor that contains an alias to itself.',
  why: 'The value would contain itself, so the API server rejects the manifest.',
});

export default rule;
