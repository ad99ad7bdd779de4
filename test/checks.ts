import { finished } from '../server/base/work.ts';
import { expect, type Assertion } from 'vitest';
import { complete } from '../server/features/complete.ts';
import type { FeatureContext } from '../server/features/context.ts';
import { definition } from '../server/features/definition.ts';
import { folding } from '../server/features/folding.ts';
import { highlight } from '../server/features/highlight.ts';
import { hover } from '../server/features/hover.ts';
import type { OccurrenceSpot } from '../server/features/navigation/place.ts';
import { references } from '../server/features/references.ts';
import { prepareRename, rename, type RenamedFile } from '../server/features/rename.ts';
import { selectionRanges } from '../server/features/selection-ranges.ts';
import { symbols, type OutlineSymbol } from '../server/features/symbols.ts';
import type { Suggestion } from '../server/features/text/suggestion.ts';
import { templatesAt } from '../server/features/templates.ts';
import { DEFAULTS, type Settings } from '../server/settings.ts';
import { sourceFile, textOf } from '../server/syntax/source-file.ts';
import { emptySnapshot, withFile, withFiles } from '../server/workspace/snapshot.ts';
import { atCursor, oneFile, type FixtureFile } from './fixture.ts';

/** What a feature is asked with: the text of one file under the default settings, in an editor with snippets. */
export function contextOf(
  text: string,
  options: { readonly settings?: Partial<Settings>; readonly snippets?: boolean } = {},
): FeatureContext {
  const settings = { ...DEFAULTS, ...options.settings };
  const uri = 'file:///workspace/fixture.yaml';
  const file = sourceFile(text);
  const snapshot = withFile(emptySnapshot({ folders: ['file:///workspace'], clusters: {} }), uri, file);
  return { uri, file, settings, snapshot, snippets: options.snippets ?? true };
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

/** What the hover at `$0` shows: the text it is about, then the Markdown without the link to the documentation. */
export function checkHover(source: string): Assertion<string> {
  const { file, cursor } = atCursor(source);
  const shown = hover(contextOf(file.text), cursor);
  if (!shown) return expect('nothing');
  return expect(`[${file.text.slice(shown.start, shown.end)}]\n${shown.markdown.replace(/\n\n\[[^\]]*documentation\]\([^)]*\)$/, '')}`);
}

/** The templates offered at `$0`, by their prefix. */
export function checkTemplates(source: string): Assertion<string> {
  const { file, cursor } = atCursor(source);
  return expect(
    inOrder(templatesAt(contextOf(file.text), cursor))
      .map((one) => one.label)
      .join('\n') || 'nothing',
  );
}

/** The text after a template was chosen at `$0`, for an editor without tab stops. */
export function checkInserted(source: string, prefix: string): Assertion<string> {
  const { file, cursor } = atCursor(source);
  const chosen = templatesAt(contextOf(file.text, { snippets: false }), cursor).find((one) => one.label === prefix);
  return expect(chosen ? applied(file.text, chosen) : `no '${prefix}' offered`);
}

/** The outline as an indented list: name, detail, and the text to jump to. */
export function checkSymbols(source: string): Assertion<string> {
  const { text } = oneFile(source);
  const lines = (all: readonly OutlineSymbol[], indent: string): string[] =>
    all.flatMap(({ name, detail, shown, children }) => [
      `${indent}${[name, detail].filter((part) => part !== '').join('  (')}${detail === '' ? '' : ')'} @ ${text.slice(shown.start, shown.end).split('\n')[0]}`,
      ...lines(children, `${indent}  `),
    ]);
  return expect(lines(finished(symbols(contextOf(text))), '').join('\n') || 'nothing');
}

/** The folds, each by its first and last line. */
export function checkFolding(source: string): Assertion<string> {
  const { text } = oneFile(source);
  const folds = folding(contextOf(text))?.map(({ start, end, kind }) => {
    const lines = text.slice(start, end).split('\n');
    return `${kind}: ${lines[0]?.trim()} … ${lines.at(-1)?.trim()}`;
  });
  return expect(folds?.join('\n') ?? 'nothing');
}

/** What a growing selection takes in, from `$0` on: the first line of each, and how many more lines. */
export function checkSelection(source: string): Assertion<string> {
  const { file, cursor } = atCursor(source);
  const shown = selectionRanges(contextOf(file.text), cursor).map(({ start, end }) => {
    const [first = '', ...more] = file.text.slice(start, end).split('\n');
    return more.length === 0 ? first : `${first} +${more.length}`;
  });
  return expect(shown.join('\n') || 'nothing');
}

/** The completions offered at `$0` in a workspace of several files, one a line: label and detail. `only` keeps those that it matches. */
export function checkWorkspaceCompletions(source: string, only: RegExp = /./): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const lines = inOrder(complete(context, cursor)).map((one) => `${one.label}  ${one.detail}`.trim());
  return expect(lines.filter((line) => only.test(line)).join('\n') || 'nothing');
}

/** What a feature is asked with in a workspace of several files: the one with the cursor, and the cursor. */
export function workspaceAt(source: string): {
  readonly context: FeatureContext;
  readonly cursor: number;
  readonly all: readonly FixtureFile[];
} {
  const { file, cursor, all } = atCursor(source);
  const changes = all.map(({ name, text }) => ({ uri: uriOf(name), file: sourceFile(text), keepTrees: name === file.name }));
  const snapshot = withFiles(emptySnapshot({ folders: ['file:///workspace'], clusters: {} }), changes);
  const own = changes.find(({ uri }) => uri === uriOf(file.name))?.file ?? sourceFile(file.text);
  return { context: { uri: uriOf(file.name), file: own, settings: DEFAULTS, snapshot, snippets: true }, cursor, all };
}

function uriOf(name: string): string {
  return `file:///workspace/${name}`;
}

/** A place as its file and its line, the word in brackets. */
function spotText({ uri, file, span }: Pick<OccurrenceSpot, 'uri' | 'file' | 'span'>): string {
  const text = textOf(file);
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const end = text.indexOf('\n', span.end);
  const line = `${text.slice(start, span.start)}[${text.slice(span.start, span.end)}]${text.slice(span.end, end === -1 ? undefined : end)}`;
  return `${uri.slice(uriOf('').length)}: ${line.trim()}`;
}

/** The word at `$0`, and where its definition leads. */
export function checkDefinition(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const found = definition(context, cursor);
  if (!found) return expect('nothing');
  return expect([`[${textOf(context.file).slice(found.word.start, found.word.end)}]`, ...found.targets.map(spotText)].join('\n'));
}

/** All that refers to the word at `$0`, definitions included. */
export function checkReferences(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  return expect(references(context, cursor, true).map(spotText).join('\n') || 'nothing');
}

/** What is lit up in the file with `$0`. */
export function checkHighlight(source: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const shown = highlight(context, cursor).map(
    ({ defines, ...span }) => `${defines ? 'defines' : 'asks'}  ${spotText({ uri: context.uri, file: context.file, span })}`,
  );
  return expect(shown.join('\n') || 'nothing');
}

/** What renaming the word at `$0` changes, line by line; or why it is refused. */
export function checkRename(source: string, name: string): Assertion<string> {
  const { context, cursor } = workspaceAt(source);
  const prepared = prepareRename(context, cursor);
  if (!prepared.ok) return expect(`refused: ${prepared.why}`);
  const renamed = rename(context, cursor, name);
  if (!renamed.ok) return expect(`refused: ${renamed.why}`);
  const word = textOf(context.file).slice(prepared.word.start, prepared.word.end);
  const changes = renamed.files.flatMap((changed) => changedLines(changed));
  return expect([`${prepared.text === word ? '' : `${prepared.text} at `}${word} -> ${name}`, ...changes].join('\n'));
}

function changedLines(changed: RenamedFile): string[] {
  const after = textAfter(changed).split('\n');
  return textOf(changed.file)
    .split('\n')
    .flatMap((line, i) => (line === after[i] ? [] : [`${changed.uri.slice(uriOf('').length)}: ${line.trim()} -> ${after[i]?.trim()}`]));
}

/** The text of a file once it is renamed. */
export function textAfter({ file, edits }: RenamedFile): string {
  return edits.toReversed().reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), textOf(file));
}
