import { link, paragraphs } from '../../base/markdown.ts';
import { identify } from '../../model/identify.ts';
import { apiVersionOf, apiVersionsOf, type JudgedKindEntry } from '../../model/kind.ts';
import { kindTitle } from '../../model/api.ts';
import { JUDGED_KINDS } from '../../model/kinds.ts';
import { columnAt } from '../../base/lines.ts';
import { manifestAt } from '../../syntax/locate.ts';
import type { Slot } from '../../syntax/slot.ts';
import type { PlacedManifest, SourceFile } from '../../syntax/source-file.ts';
import { asMap, isNull, pairOf, stringOf, type Pair } from '../../syntax/tree.ts';
import { schemaOf } from '../../rules/schema/schemas.ts';
import { escapeSnippet } from '../text/snippet.ts';
import { documentSkeleton } from './skeleton.ts';
import type { SuggestionDraft } from '../text/suggestion.ts';

/**
 * The kinds of policy that a document could become: as keys of its root, or as the value of `apiVersion` or `kind`. Choosing one sets
 * both. None where the document is, or is about to be, something else.
 */
export function kindDrafts(slot: Slot, file: SourceFile): readonly SuggestionDraft[] {
  const at =
    slot.path.length === 1 && slot.role === 'value' ? slot.path[0] : slot.path.length === 0 && slot.role === 'key' ? '' : undefined;
  if (at === '') return rootDrafts(slot);
  return at === 'apiVersion' || at === 'kind' ? valueDrafts(slot, at, file) : [];
}

const ROOT_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function rootDrafts(slot: Slot): readonly SuggestionDraft[] {
  if (slot.flow || !slot.siblings.every((name) => ROOT_FIELDS.includes(name))) return [];
  const missing = (['apiVersion', 'kind'] as const).filter((field) => !slot.siblings.includes(field));
  if (missing.length === 0 || (missing.length < 2 && slot.hasColon)) return [];
  const fitting = JUDGED_KINDS.filter((kind) => missing.every((field) => fits(kind, slot, field)));
  return fitting.map((kind) => {
    const lines = missing.map((field) => `${field}: ${wordFor(kind, field)}`);
    const [only] = lines;
    const label = missing.length === 2 ? kindTitle(kind) : (only ?? '');
    return {
      ...draftOf(kind),
      label,
      snippet: escapeSnippet(lines.join('\n')) + (missing.length === 2 ? `\n${restOf(kind, slot) || '$0'}` : ''),
      filter: `${missing.join(' ')} ${kindTitle(kind)}`,
    };
  });
}

/** In a document that is empty so far, what the kind needs beside its name; a file with fields has them in its own order. */
function restOf(kind: JudgedKindEntry, slot: Slot): string {
  const place = schemaOf(kind);
  if (!place || slot.siblings.length > 0) return '';
  return documentSkeleton(place, slot.siblings, { flow: slot.flow, json: slot.json, listIndent: slot.listIndent });
}

function valueDrafts(slot: Slot, at: 'apiVersion' | 'kind', file: SourceFile): readonly SuggestionDraft[] {
  const other = at === 'kind' ? 'apiVersion' : 'kind';
  const original = manifestAt(file, slot.start)?.placed;
  const pair = pairOf(original?.manifest.root, other);
  if (!original || !isOpen(slot, pair)) return [];
  return JUDGED_KINDS.map((kind) => {
    const [word, otherWord] = [wordFor(kind, at), wordFor(kind, other)];
    const snippet = escapeSnippet(/^\s*["']/.test(slot.typed) || slot.json ? JSON.stringify(word) : word);
    const draft = { ...draftOf(kind), filter: `${word} ${kindTitle(kind)}`, snippet };
    if (!pair) return adding(draft, other, otherWord, slot, original);
    return stringOf(pair.value) === otherWord ? draft : { ...draft, ...changing(pair, original.start, otherWord, slot) };
  });
}

/** Could the document still become a policy? The other one of the two fields must not name something else. */
function isOpen(slot: Slot, other: Pair | undefined): boolean {
  if (!other || isNull(other.value)) return true;
  const identity = identify(slot.manifest);
  const word = stringOf(other.value) ?? '';
  const group = word.split('/')[0];
  return identity.ours || JUDGED_KINDS.some((kind) => kind.kind === word || apiVersionsOf(kind).some((one) => one.split('/')[0] === group));
}

function fits(kind: JudgedKindEntry, slot: Slot, missing: 'apiVersion' | 'kind'): boolean {
  const other = missing === 'kind' ? 'apiVersion' : 'kind';
  const pair = pairOf(slot.manifest.root, other);
  const written = stringOf(pair?.value);
  return !pair || (other === 'kind' ? written === kind.kind : apiVersionsOf(kind).some((one) => one === written));
}

function wordFor(kind: JudgedKindEntry, field: 'apiVersion' | 'kind'): string {
  return field === 'kind' ? kind.kind : apiVersionOf(kind);
}

function draftOf(kind: JudgedKindEntry): SuggestionDraft {
  const older = kind.successor === undefined ? undefined : `${kind.successor} replaces this kind; use it for new policies.`;
  return {
    label: kindTitle(kind),
    kind: 'kind',
    detail: apiVersionOf(kind),
    documentation: paragraphs(kind.summary, older, link('Documentation', kind.docs)),
    snippet: '',
  };
}

/** Corrects the other field, so that the two agree. */
function changing(pair: Pair, start: number, word: string, slot: Slot): Pick<SuggestionDraft, 'additional'> {
  const { span } = pair.value;
  const isEmpty = span.start === span.end;
  return {
    additional: [
      { start: start + span.start, end: start + span.end, text: (isEmpty ? ' ' : '') + (slot.json ? JSON.stringify(word) : word) },
    ],
  };
}

/** The other field is missing: it is written beside this one, apiVersion above kind. */
function adding(draft: SuggestionDraft, other: 'apiVersion' | 'kind', word: string, slot: Slot, original: PlacedManifest): SuggestionDraft {
  const { root, piece } = slot.manifest;
  const first = asMap(root)?.pairs[0]?.key.span.start ?? 0;
  const column = columnAt(piece.text, first);
  if (slot.flow) return draft;
  if (other === 'kind') return { ...draft, snippet: `${draft.snippet}\n${other}: ${escapeSnippet(word)}`, column };
  const key = pairOf(original.manifest.root, 'kind')?.key.span;
  if (!key) return draft;
  const start = original.start + key.start;
  return { ...draft, additional: [{ start, end: start, text: `${other}: ${word}${slot.eol}${' '.repeat(column)}` }] };
}
