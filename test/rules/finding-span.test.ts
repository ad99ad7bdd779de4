import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingSpan } from '../../server/rules/finding-span.ts';
import { workspaceRules, manifestRules } from '../../server/rules/index.ts';
import { fixture } from '../fixture.ts';
import { textsOf } from './cases.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

const TEXT = 'spec:\n  ingress: # who\n  - from:\n    - podSelector: {}\n';

test.each([
  ['an item of several lines', '- from:\n    - podSelector: {}', false, '- from:'],
  ['a value on lines of its own', '\n  ingress: # who\n  - from:', false, 'ingress:'],
  ['the same, faded', '- from:\n    - podSelector: {}\n', true, '- from:\n    - podSelector: {}'],
  ['blanks before a word', '  - from:', false, '- from:'],
  ['blanks alone', '  ', false, 'ingress:'],
])('%s', (_name, marked, faded, underlined) => {
  const start = TEXT.indexOf(marked);
  const span = findingSpan({ start, end: start + marked.length }, TEXT, faded);
  expect(TEXT.slice(span.start, span.end)).toBe(underlined);
});

test('a span lies in the text, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), fc.integer(), fc.boolean(), (text, start, end, faded) => {
      const span = findingSpan({ start, end }, text, faded);
      expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
    }),
  );
});

test('no finding of the examples underlines indentation, and only faded ones go over lines', () => {
  for (const rule of [...manifestRules, ...workspaceRules]) {
    for (const source of textsOf(rule)) {
      const texts = new Map(fixture(source).files.map(({ name, text }) => [`file:///workspace/${name}`, text]));
      for (const { uri, code, span, unnecessary } of workspaceFindingsIn(source)) {
        const text = texts.get(uri)?.slice(span.start, span.end) ?? '';
        if (text.trim() === '' && code !== 'yaml-tab') expect(text, code).toBe('');
        if (code !== 'yaml-tab') expect(text.trim(), code).toBe(text);
        if (unnecessary !== true) expect(text, code).not.toMatch(/[\r\n]/);
      }
    }
  }
});
