import { finished } from '../../server/base/work.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { remediationActions } from '../../server/features/remediation-actions.ts';
import { inlayHints } from '../../server/features/inlay-hints.ts';
import { refactorings } from '../../server/features/refactor.ts';
import { semanticTokens } from '../../server/features/semantic-tokens.ts';
import { contextOf } from '../checks.ts';
import { TRICKY_TEXTS } from '../syntax/texts.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const tricky = TRICKY_TEXTS.map((text, i) => ({ name: `tricky text ${i}`, text }));

/** Prefixes of a text, cut at places spread over it. */
function prefixesOf(text: string): string[] {
  return Array.from({ length: 12 }, (_, i) => text.slice(0, Math.ceil((text.length * (i + 1)) / 12)));
}

describe.each([...examples, ...tricky])('nothing drawn or offered on a prefix of $name throws', ({ text }) => {
  test('and everything stays inside the text, in order', () => {
    for (const prefix of prefixesOf(text)) {
      const context = contextOf(prefix);
      const all = { start: 0, end: prefix.length };
      const isInside = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
        0 <= start && start <= end && end <= prefix.length;
      const hints = finished(inlayHints(context, all));
      hints.forEach(({ offset, label }, i) =>
        expect((hints[i - 1]?.offset ?? 0) <= offset && offset <= prefix.length && label !== '').toBe(true),
      );
      const tokens = finished(semanticTokens(context, all));
      tokens.forEach((token, i) =>
        expect(isInside(token) && token.start < token.end && (tokens[i - 1]?.end ?? 0) <= token.start).toBe(true),
      );
      for (const { edits } of [...finished(refactorings(context, all)), ...remediationActions(context, all).flatMap(({ files }) => files)])
        expect(edits.every(isInside)).toBe(true);
    }
  });
});
