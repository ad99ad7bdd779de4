import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-nesting',
  summary: 'A list or an object where none can start.',
  why: 'The line already has a value, so nothing can follow in it or below it; the API server rejects the manifest.',
  companions: ['yaml-syntax', 'wrong-type', 'yaml-indentation', 'yaml-colon'],
});

export default rule;
