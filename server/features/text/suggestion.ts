import type { Slot } from '../../syntax/slot.ts';
import type { FeatureContext } from '../context.ts';
import { expandSnippet, escapeSnippet } from './snippet.ts';

/** Something to choose from a list of completions. */
export interface Suggestion {
  readonly label: string;
  /** `manifest` is a template of a whole manifest, which VS Code also offers by itself. */
  readonly kind: 'key' | 'value' | 'kind' | 'template' | 'manifest';
  /** A few words beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** Its lines carry their full indentation; `relativeTo` takes away `indent`, that of the line it goes into. */
  readonly insertText: string;
  readonly format: 'snippet' | 'plain';
  /** The indentation of the line where it is put in. */
  readonly indent: number;
  /** What it replaces, in offsets of the file. */
  readonly start: number;
  readonly end: number;
  readonly sortText: string;
  readonly filterText: string;
  /** Changes in other places of the file that go with it. */
  readonly additional: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  /** Once inserted, there is more to choose from at the cursor. */
  readonly continues: boolean;
}

/** What a suggestion says and writes; where and how, the slot knows. */
export interface SuggestionDraft extends Pick<Suggestion, 'label' | 'kind' | 'detail' | 'documentation'> {
  /** A snippet of lines that start at column 0. */
  readonly snippet: string;
  /** The column its further lines start at, if not that of the slot. */
  readonly column?: number;
  /** What typing is compared with, if not the label. */
  readonly filter?: string;
  readonly additional?: Suggestion['additional'];
  readonly continues?: boolean;
}

/** Fits a draft into a slot: lead and indentation in front, tab stops or their defaults. `order` sorts, lowest first. */
export function fit(draft: SuggestionDraft, slot: Slot, order: string, context: FeatureContext): Suggestion {
  const indented = draft.snippet.split('\n').join(slot.eol + ' '.repeat(draft.column ?? slot.column));
  const snippet = escapeSnippet(slot.lead) + indented;
  const hasStops = /(?<!\\)\$/.test(snippet);
  const plainText = expandSnippet(snippet);
  const asSnippet = context.snippets && hasStops;
  return {
    label: labelOf(draft, slot),
    kind: draft.kind,
    detail: draft.detail,
    documentation: draft.documentation,
    insertText: asSnippet ? snippet : plainText,
    format: asSnippet ? 'snippet' : 'plain',
    indent: slot.indent,
    start: slot.start,
    end: slot.end,
    sortText: order,
    filterText: (/^[\s"']*/.exec(slot.typed)?.[0] ?? '') + (draft.filter ?? draft.label),
    additional: draft.additional ?? [],
    continues: draft.continues === true,
  };
}

/** The dash of a new item is part of the suggestion, and is shown. */
function labelOf(draft: SuggestionDraft, slot: Slot): string {
  return slot.lead.endsWith('- ') && draft.kind !== 'template' && draft.kind !== 'manifest' ? `- ${draft.label}` : draft.label;
}
