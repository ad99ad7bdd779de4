import { startOfLine } from '../../base/lines.ts';
import { isIndentedMarker } from '../../syntax/problem.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-indentation',
  summary: 'A line whose indentation matches no block.',
  why: 'YAML cannot assign the line to a block, so the API server rejects the manifest.',
  companions: ['yaml-syntax', 'unknown-field', 'yaml-nesting', 'yaml-colon'],
  fix: ({ span }, text) =>
    isIndentedMarker(text, span)
      ? {
          title: "Move '---' to the start of the line",
          edits: [{ start: startOfLine(text, span.start), end: span.start, text: '' }],
          safe: false,
        }
      : undefined,
});

export default rule;
