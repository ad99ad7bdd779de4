import { expect, type Assertion } from 'vitest';
import { complete } from '../server/features/complete.ts';
import type { FeatureContext } from '../server/features/context.ts';
import type { Suggestion } from '../server/features/text/suggestion.ts';
import { DEFAULTS, type Settings } from '../server/settings.ts';
import { sourceFile, textOf } from '../server/syntax/source-file.ts';
import { atCursor } from './fixture.ts';

/** What a feature is asked with: the text of one file under the default settings, in an editor with snippets. */
export function contextOf(
  text: string,
  options: { readonly settings?: Partial<Settings>; readonly snippets?: boolean } = {},
): FeatureContext {
  const settings = { ...DEFAULTS, ...options.settings };
  return { uri: 'file:///fixture.yaml', file: sourceFile(text), settings, snippets: options.snippets ?? true };
}

/** The completions offered at `$0`, one a line: label and detail. */
export function checkCompletions(source: string, settings: Partial<Settings> = {}): Assertion<string> {
  const { file, cursor } = atCursor(source);
  const suggestions = complete(contextOf(file.text, { settings }), cursor);
  return expect(
    inOrder(suggestions)
      .map((one) => `${one.label}  ${one.detail}`.trim())
      .join('\n') || 'nothing',
  );
}

/** The text after the completion with a label was chosen at `$0`, with tab stops as a snippet has them. */
export function checkChosen(source: string, label: string, options: { readonly snippets?: boolean } = {}): Assertion<string> {
  const { file, cursor } = atCursor(source);
  const context = contextOf(file.text, options);
  const chosen = complete(context, cursor).find((one) => one.label === label);
  return expect(chosen ? applied(textOf(context.file), chosen) : `no '${label}' offered`);
}

/** The text with a suggestion taken. */
export function applied(text: string, { start, end, insertText, additional }: Suggestion): string {
  const edits = [...additional, { start, end, text: insertText }].sort((a, b) => b.start - a.start);
  return edits.reduce((out, edit) => out.slice(0, edit.start) + edit.text + out.slice(edit.end), text);
}

function inOrder(suggestions: readonly Suggestion[]): Suggestion[] {
  return [...suggestions].sort((a, b) => (a.sortText < b.sortText ? -1 : 1));
}
