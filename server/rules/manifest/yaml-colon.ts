import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-colon',
  summary: 'A line without a colon.',
  why: 'A line without a colon is not a field: YAML joins it with the next line, and the API server rejects the manifest.',
  companions: ['yaml-syntax', 'wrong-type', 'yaml-nesting', 'select-all-by-default'],
  fix: ({ span }, text) => {
    const word = text.slice(span.start, span.end);
    if (/^[\w./-]+$/.test(word)) return { title: `Write '${word}:'`, edits: [{ start: span.end, end: span.end, text: ':' }], safe: false };
    const glued = /^["']?[\w./-]+["']?:(?=\S)/.exec(word)?.[0].length;
    const at = span.start + (glued ?? 0);
    return glued === undefined
      ? undefined
      : { title: 'Add a space after the colon', edits: [{ start: at, end: at, text: ' ' }], safe: true };
  },
});

export default rule;
