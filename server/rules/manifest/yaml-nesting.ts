import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-nesting',
  summary: 'A list or an object where none can start.',
  why: 'The line is already complete, so YAML cannot put anything into it or below it; the API server rejects the document.',
  companions: ['yaml-syntax', 'wrong-type', 'yaml-indentation', 'yaml-colon'],
});

export default rule;
