import { startOfLine, endOfLine } from '../../base/lines.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-directive',
  summary: 'A directive that the API server rejects.',
  why: 'Kubernetes reads YAML 1.1 and rejects a document that declares YAML 1.2.',
  fix: ({ span }, text) => {
    const end = endOfLine(text, span.end);
    const behind = text.startsWith('\r\n', end) ? 2 : 1;
    return {
      title: 'Remove the directive',
      edits: [{ start: startOfLine(text, span.start), end: Math.min(end + behind, text.length), text: '' }],
      safe: true,
    };
  },
});

export default rule;
