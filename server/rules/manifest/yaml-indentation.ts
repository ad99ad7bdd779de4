import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-indentation',
  summary: 'A line is indented so that it belongs to nothing.',
  why: 'YAML cannot tell what the line belongs to; the API server rejects the document.',
  companions: ['yaml-syntax', 'unknown-field', 'yaml-nesting', 'yaml-colon'],
});

export default rule;
