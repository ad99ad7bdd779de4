import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-bracket',
  summary: 'A block list or object inside brackets.',
  why: 'Inside [ ] and { }, entries are separated by commas; the API server cannot parse dashes there.',
  fix: ({ span }, text) => (text[span.start] === ';' ? { title: "Write ','", edits: [{ ...span, text: ',' }], safe: true } : undefined),
  companions: ['yaml-syntax', 'wrong-type', 'unsupported-value'],
});

export default rule;
