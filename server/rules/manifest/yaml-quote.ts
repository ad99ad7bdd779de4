import { startOfLine, endOfLine } from '../../base/lines.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-quote',
  summary: 'A quote that is not terminated, or an escape sequence that does not exist.',
  why: 'YAML reads to the end of the document in search of the closing quote, so the API server rejects the manifest.',
  companions: ['invalid-name', 'yaml-syntax'],
  fix: ({ span }, text) => {
    const quote = text[span.start] ?? '';
    const line = text.slice(span.start, endOfLine(text, span.start)).trimEnd();
    const before = text.slice(startOfLine(text, span.start), span.start);
    // Closing brackets of the same line are hardly meant as part of the string.
    const inFlow = before.replace(/[^{[]/g, '').length > before.replace(/[^}\]]/g, '').length;
    const end = span.start + (inFlow ? line.replace(/[\s,}\]]+$/, '') : line).length;
    const isOpen = (quote === '"' || quote === "'") && line.split(quote).length === 2;
    return isOpen
      ? {
          title: inFlow ? 'Close the quote before the bracket' : 'Close the quote at the end of the line',
          edits: [{ start: end, end, text: quote }],
          safe: false,
        }
      : undefined;
  },
});

export default rule;
