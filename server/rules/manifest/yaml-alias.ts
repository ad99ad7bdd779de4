import { replace } from '../../syntax/edit.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-alias',
  summary: 'An alias without an anchor.',
  why: 'The API server rejects a manifest with an unknown alias. A string that starts with * or & needs quotes.',
  fix: ({ span }, text) => {
    const written = text.slice(span.start, span.end);
    return /^\*\S+$/.test(written) ? { title: 'Quote the value', edits: [replace(span, JSON.stringify(written))], safe: false } : undefined;
  },
});

export default rule;
