import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { findingsOf } from '../../server/rules/run.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';

vi.setConfig({ testTimeout: 120_000 });

const DOCUMENTS: readonly string[] = readFileSync(new URL('../corpus/apiserver.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(textIn)
  .filter((text) => text.length < 2000);

test('no prefix of a document makes a rule fail, and every finding stays inside the text', () => {
  for (const text of every(90)) for (let end = 0; end < text.length; end += 7) check(text.slice(0, end));
});

test('neither does the loss of a character', () => {
  for (const text of every(90)) for (let at = 3; at < text.length; at += 11) check(text.slice(0, at) + text.slice(at + 1));
});

test('nor does noise', () => {
  const noise = [
    '\u0000',
    '\ud800',
    '\u{1f600}',
    '\t',
    '\r',
    '{{',
    '}}',
    '&a',
    '*a',
    '<<: ',
    '- - ',
    '? ',
    '"',
    "'",
    '|',
    '[',
    '{',
    ':',
    '\u2028',
    '%',
    '!!int ',
  ];
  for (const [i, text] of every(90).entries())
    for (let at = i % 13; at < text.length; at += 37) check(text.slice(0, at) + (noise[(i + at) % noise.length] ?? '') + text.slice(at));
});

test('the documents of the corpus themselves', () => {
  for (const text of every(3)) check(text);
});

function textIn(line: string): string {
  const { yaml }: { readonly yaml: string } = JSON.parse(line);
  return yaml;
}

/** A part of the documents, spread over the whole corpus. */
function every(step: number): readonly string[] {
  return DOCUMENTS.filter((_, i) => i % step === 0);
}

function check(text: string): void {
  const options = {
    uri: 'file:///a.yaml',
    settings: { ...DEFAULTS, profile: 'audit' as const },
    partial: false,
    onFault: (rule: string, fault: unknown) => {
      throw new Error(`${rule} fails on ${JSON.stringify(text)}`, { cause: fault });
    },
  };
  for (const { manifest } of manifestsOf(sourceFile(text))) {
    const { length } = manifest.piece.text;
    for (const { code, span, message, related, fixes } of findingsOf(manifest, options)) {
      const inside = [span, ...related.flatMap((one) => one.span ?? []), ...fixes.flatMap((fix) => fix.edits)].every(
        ({ start, end }) => start >= 0 && start <= end && end <= length,
      );
      if (!inside) expect.fail(`${code} leaves the text of ${JSON.stringify(text)}`);
      if (!/[.?]$/.test(message) || /undefined|\[object/.test(message)) expect.fail(`${code} says ${message}`);
      for (const fix of fixes) {
        const edits = fix.edits.toSorted((a, b) => a.start - b.start);
        if (edits.some((edit, i) => i > 0 && edit.start < (edits[i - 1]?.end ?? 0)))
          expect.fail(`${code}: the edits of '${fix.title}' overlap`);
        if (applyEdits(manifest.piece.text, edits) === manifest.piece.text)
          expect.fail(`${code}: '${fix.title}' changes nothing in ${JSON.stringify(text)}`);
      }
    }
  }
}
