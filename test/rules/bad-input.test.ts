import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { findingsOf } from '../../server/rules/manifest-findings.ts';
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

test('thousands of fields that do not exist are told one by one, without a fix that moves them all for each', () => {
  const count = 3000;
  const fields = Array.from({ length: count }, (_, i) => `    key${i}: value\n`).join('');
  const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec:\n  podSelector:\n${fields}`;
  const [place] = manifestsOf(sourceFile(text));
  const found = place ? findingsOf(place.manifest, { uri: 'file:///a.yaml', settings: DEFAULTS, partial: false }) : [];
  expect(found.filter(({ code }) => code === 'unknown-field')).toHaveLength(count);
  const written = found.flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map((edit) => edit.text.length)));
  expect(written.reduce((sum, one) => sum + one, 0)).toBeLessThan(10 * text.length);
});

// What every JavaScript object has by itself is no word of a rule's tables.
test.each(['constructor', '__proto__'])('nor does the word %s, whatever stands in its place', (word) => {
  for (const text of every(400)) {
    const lines = text.split('\n');
    for (const [i, line] of lines.entries()) {
      check(lines.with(i, line.replace(/: \S.*$/, `: ${word}`)).join('\n'));
      check(lines.with(i, line.replace(/[\w-]+:/, `${word}:`)).join('\n'));
    }
  }
});

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';

test.each([
  [
    'takes away the anchor that an alias needs',
    `${HEAD}metadata: &a\n  name: web\nmetadata:\n  name: other\nspec:\n  podSelector:\n    matchLabels: *a\n`,
    'duplicate-key',
  ],
  [
    'puts a word behind a tag that it does not fit',
    `${HEAD.replace('NetworkPolicy', '!!binary aGk=')}spec:\n  podSelector: {}\n`,
    'unknown-kind',
  ],
  ['puts a value before an anchor', `${HEAD}metadata: {name: web}\nspec:\n  podSelector: &web\n  ingress: *web\n`, 'select-all-by-default'],
])('no fix %s', (_, text, code) => {
  const found = findings(text).filter((finding) => finding.code === code);
  expect(found).not.toEqual([]);
  for (const { fixes } of found) for (const { edits } of fixes) expect(problemsOf(applyEdits(text, edits))).toBe(0);
});

function findings(text: string): ReturnType<typeof findingsOf> {
  const options = { uri: 'file:///a.yaml', settings: { ...DEFAULTS, profile: 'audit' as const }, partial: false };
  return manifestsOf(sourceFile(text)).flatMap(({ manifest }) => findingsOf(manifest, options));
}

function problemsOf(text: string): number {
  return manifestsOf(sourceFile(text)).flatMap(({ manifest }) => manifest.problems).length;
}

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
