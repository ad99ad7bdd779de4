import { replace } from '../../syntax/edit.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-not-json',
  summary: 'A number that JSON cannot represent.',
  why: 'The API server converts YAML to JSON, which cannot represent infinity and not-a-number.',
  fix: ({ span }, text) => ({
    title: 'Quote the value',
    edits: [replace(span, JSON.stringify(text.slice(span.start, span.end)))],
    safe: false,
  }),
});

export default rule;
