import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-alias-cycle',
  summary: 'An anchor that contains an alias to itself.',
  why: 'The value would contain itself without end; the API server rejects the document.',
});

export default rule;
