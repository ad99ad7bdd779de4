import { finished } from '../../server/base/work.ts';
import { expect, type Assertion } from 'vitest';
import { inlayHints } from '../../server/features/inlay-hints.ts';
import { semanticTokens } from '../../server/features/semantic-tokens.ts';
import type { Settings } from '../../server/settings.ts';
import { contextOf } from '../checks.ts';

const EVERYTHING = { start: 0, end: Infinity };

/** The text with its inlay hints in it, each in ‹ ›; only the lines that have one. */
export function checkHints(
  text: string,
  settings: Partial<Settings> = {},
  range: { readonly start: number; readonly end: number } = EVERYTHING,
): Assertion<string> {
  const hints = finished(inlayHints(contextOf(text, { settings }), range));
  let out = text;
  for (const { offset, label, before } of hints.toReversed())
    out = `${out.slice(0, offset)}${before ? '' : ' '}‹${label}›${before ? ' ' : ''}${out.slice(offset)}`;
  return expect(
    out
      .split('\n')
      .filter((line) => line.includes('‹'))
      .join('\n') || 'nothing',
  );
}

/** The words that have a semantic token, by type. */
export function checkTokens(text: string): Assertion<string> {
  const byType = new Map<string, string[]>();
  for (const { start, end, type } of finished(semanticTokens(contextOf(text), EVERYTHING)))
    byType.set(type, [...(byType.get(type) ?? []), text.slice(start, end)]);
  return expect([...byType].map(([type, words]) => `${type}: ${words.join(' ')}`).join('\n') || 'nothing');
}
