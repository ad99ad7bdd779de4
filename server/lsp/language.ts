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
  type Position,
  type SelectionRange,
} from 'vscode-languageserver';
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
import { rangeOf } from './convert.ts';

/** The hover at a place. */
export function hoverAt(context: FeatureContext, place: Position): Hover | null {
  const found = hover(context, offsetIn(context.file, place));
  return found ? { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: rangeOf(context.file, found) } : null;
}

/** What the editor can do with a completion. */
export interface CompletionAbilities {
  /** It can be told to leave the indentation of inserted lines alone. */
  readonly asIs: boolean;
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

function completionItem(suggestion: Suggestion, file: SourceFile, { asIs, reopens }: CompletionAbilities): CompletionItem {
  const isSnippet = suggestion.format === 'snippet';
  const newText = asIs || !isSnippet ? suggestion.insertText : relativeTo(suggestion.insertText, suggestion.indent);
  return {
    label: suggestion.label,
    kind: COMPLETION_KINDS[suggestion.kind],
    detail: suggestion.detail,
    documentation: { kind: MarkupKind.Markdown, value: suggestion.documentation },
    sortText: suggestion.sortText,
    filterText: suggestion.filterText,
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(asIs ? { insertTextMode: InsertTextMode.asIs } : {}),
    textEdit: { range: rangeOf(file, suggestion), newText },
    ...(suggestion.additional.length > 0
      ? { additionalTextEdits: suggestion.additional.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text })) }
      : {}),
    ...(suggestion.continues && reopens ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

/** The outline of a file. */
export function symbolsOf(context: FeatureContext): DocumentSymbol[] {
  return symbols(context).map((symbol) => documentSymbol(symbol, context.file));
}

const SYMBOL_KINDS = {
  policy: SymbolKind.Class,
  direction: SymbolKind.Namespace,
  rule: SymbolKind.Method,
  peer: SymbolKind.Field,
} as const;

function documentSymbol(symbol: OutlineSymbol, file: SourceFile): DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: SYMBOL_KINDS[symbol.kind],
    range: rangeOf(file, symbol.span),
    selectionRange: rangeOf(file, symbol.shown),
    children: symbol.children.map((child) => documentSymbol(child, file)),
  };
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
