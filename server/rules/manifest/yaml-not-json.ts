import { replace } from '../../syntax/edit.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-not-json',
  summary: 'A number that JSON cannot represent.',
  why: 'The API server turns YAML into JSON first; infinity and not-a-number have no place there.',
  fix: ({ span }, text) => ({
    title: 'Put it in quotes',
    edits: [replace(span, JSON.stringify(text.slice(span.start, span.end)))],
    safe: false,
  }),
});

export default rule;
