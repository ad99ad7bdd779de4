import {
  CompletionItemKind,
  FoldingRangeKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  SymbolKind,
  type CompletionItem,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type MarkupContent,
  type Position,
  type SelectionRange,
  type SymbolInformation,
} from 'vscode-languageserver';
import { plainText } from '../base/plain-text.ts';
import type { Work } from '../base/work.ts';
import { complete } from '../features/complete.ts';
import type { FeatureContext } from '../features/context.ts';
import { folding } from '../features/folding.ts';
import { hover } from '../features/hover.ts';
import { selectionRanges } from '../features/selection-ranges.ts';
import { symbols, type OutlineSymbol } from '../features/symbols.ts';
import { templatesAt } from '../features/templates.ts';
import { relativeTo } from '../features/text/snippet.ts';
import type { Suggestion } from '../features/text/suggestion.ts';
import { offsetIn, positionIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Abilities } from './abilities.ts';
import { rangeOf } from './convert.ts';

/** The hover at a place. */
export function hoverAt(
  context: FeatureContext,
  place: Position,
  { markdownHover, isRead }: Pick<Abilities, 'markdownHover'> & { readonly isRead: boolean },
): Hover | null {
  const found = hover(context, offsetIn(context.file, place));
  const note = isRead ? '' : '\n\n_The workspace is still being read: what this says about it may be incomplete._';
  return found ? { contents: markup(found.markdown + note, markdownHover), range: rangeOf(context.file, found) } : null;
}

function markup(markdown: string, isMarkdown: boolean): MarkupContent {
  return isMarkdown ? { kind: MarkupKind.Markdown, value: markdown } : { kind: MarkupKind.PlainText, value: plainText(markdown) };
}

/** What the editor can do with a completion. */
export interface CompletionAbilities extends Pick<Abilities, 'insertsAsIs' | 'markdownDocumentation'> {
  /** It is VS Code, which can be asked to open the list again. */
  readonly reopens: boolean;
}

/** What can be completed at a place, templates after keys and values. */
export function completionsAt(context: FeatureContext, place: Position, abilities: CompletionAbilities): CompletionItem[] {
  const offset = offsetIn(context.file, place);
  const suggestions = [...complete(context, offset), ...templatesAt(context, offset)];
  return suggestions.map((suggestion) => completionItem(suggestion, context.file, abilities));
}

const COMPLETION_KINDS = {
  key: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
  kind: CompletionItemKind.Class,
  manifest: CompletionItemKind.Struct,
  template: CompletionItemKind.Snippet,
} as const;

function completionItem(suggestion: Suggestion, file: SourceFile, abilities: CompletionAbilities): CompletionItem {
  const { insertsAsIs, markdownDocumentation, reopens } = abilities;
  const isSnippet = suggestion.format === 'snippet';
  const newText = insertsAsIs || !isSnippet ? suggestion.insertText : relativeTo(suggestion.insertText, suggestion.indent);
  return {
    label: suggestion.label,
    kind: COMPLETION_KINDS[suggestion.kind],
    detail: suggestion.detail,
    documentation: markup(suggestion.documentation, markdownDocumentation),
    sortText: suggestion.sortText,
    filterText: suggestion.filterText,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(insertsAsIs ? { insertTextMode: InsertTextMode.asIs } : {}),
    textEdit: { range: rangeOf(file, suggestion), newText },
    ...(suggestion.additional.length > 0
      ? { additionalTextEdits: suggestion.additional.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text })) }
      : {}),
    ...(suggestion.continues && reopens ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

/** The outline of a file, in one row for clients that know no other. */
export function* symbolsOf(
  context: FeatureContext,
  { nestedSymbols }: Pick<Abilities, 'nestedSymbols'>,
): Work<DocumentSymbol[] | SymbolInformation[]> {
  const outline = yield* symbols(context);
  if (nestedSymbols) return yield* documentSymbols(outline, context.file);
  const row: SymbolInformation[] = [];
  for (const one of outline) for (const symbol of yield* inOneRow(one, context)) row.push(symbol);
  return row;
}

function* inOneRow({ name, kind, span, children }: OutlineSymbol, context: FeatureContext, container?: string): Work<SymbolInformation[]> {
  yield;
  const location = { uri: context.uri, range: rangeOf(context.file, span) };
  const own = { name, kind: SYMBOL_KINDS[kind], location, ...(container === undefined ? {} : { containerName: container }) };
  const row: SymbolInformation[] = [own];
  for (const child of children) for (const symbol of yield* inOneRow(child, context, name)) row.push(symbol);
  return row;
}

const SYMBOL_KINDS = {
  policy: SymbolKind.Class,
  direction: SymbolKind.Namespace,
  rule: SymbolKind.Method,
  peer: SymbolKind.Field,
} as const;

function* documentSymbols(outline: readonly OutlineSymbol[], file: SourceFile): Work<DocumentSymbol[]> {
  const found: DocumentSymbol[] = [];
  for (const { name, detail, kind, span, shown, children } of outline) {
    const [range, selectionRange] = [rangeOf(file, span), rangeOf(file, shown)];
    found.push({ name, detail, kind: SYMBOL_KINDS[kind], range, selectionRange, children: yield* documentSymbols(children, file) });
    yield;
  }
  return found;
}

/** What can be folded; `null` leaves it to the editor. */
export function foldsOf(context: FeatureContext): FoldingRange[] | null {
  const folds = folding(context);
  if (!folds) return null;
  return folds.map(({ start, end, kind }) => {
    const lines = { startLine: positionIn(context.file, start).line, endLine: positionIn(context.file, end).line };
    return kind === 'comment' ? { ...lines, kind: FoldingRangeKind.Comment } : lines;
  });
}

/** The ranges to grow a selection through, from each place outwards. */
export function selectionsAt(context: FeatureContext, places: readonly Position[]): SelectionRange[] {
  return places.map((place) => {
    const spans = selectionRanges(context, offsetIn(context.file, place));
    const outermost: SelectionRange = { range: { start: place, end: place } };
    const chain = spans
      .toReversed()
      .reduce<SelectionRange | undefined>(
        (parent, span) => ({ range: rangeOf(context.file, span), ...(parent ? { parent } : {}) }),
        undefined,
      );
    return chain ?? outermost;
  });
}
