import { quote } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import { likeScalar } from '../syntax/edit.ts';
import { type SourceFile, textOf } from '../syntax/source-file.ts';
import type { FeatureContext } from './context.ts';
import { renameSet, type RenameTarget } from './rename/rename-set.ts';
import type { Occurrence } from './navigation/occurrence.ts';
import { occurrenceAt, placeIn, occurrenceSpot, type OccurrenceSpot } from './navigation/place.ts';
import { whyConflict } from './rename/rename-conflicts.ts';
import { whyNotRenamable, whyInvalidName, placesToRename } from './rename/rename-preconditions.ts';
import { latestSnapshot, viewsOf } from './navigation/cluster-view.ts';

/** Why something cannot be renamed, as a sentence. */
export interface RenameRefusal {
  readonly ok: false;
  readonly why: string;
}

/** What would be renamed, in offsets of the asked file. */
export interface Renamable {
  readonly ok: true;
  readonly word: Span;
  readonly text: string;
}

/** The changes that a renaming makes, by file. */
export interface Renaming {
  readonly ok: true;
  readonly files: readonly RenamedFile[];
}

export interface RenamedFile {
  readonly uri: string;
  readonly file: SourceFile;
  /** In offsets of the file, in its order. */
  readonly edits: readonly (Span & { readonly text: string })[];
}

/** Can the word at an offset of the file be renamed, and which one is it? Refused wherever the result could not be right. */
export function prepareRename(context: FeatureContext, offset: number): Renamable | RenameRefusal {
  const found = subjectAt(context, offset);
  return found.ok ? { ok: true, word: wordIn(found.spot), text: found.start.text } : found;
}

/**
 * Renames the word at an offset of the file: a label key, a label value, a namespace or a port name, in every manifest that really means
 * the same. What selects what is the same before and after; where that cannot be had, it is refused.
 */
export function rename(context: FeatureContext, offset: number, name: string): Renaming | RenameRefusal {
  const found = subjectAt(context, offset);
  if (!found.ok) return found;
  const { start, targets, spots } = found;
  if (name === start.text) return { ok: true, files: [] };
  const why = whyInvalidName(start, name) ?? whyConflict(start, targets, name);
  return why === undefined ? { ok: true, files: filesOf(spots, name) } : no(why);
}

interface Subject {
  readonly ok: true;
  readonly start: Occurrence;
  /** Where it was asked for. */
  readonly spot: OccurrenceSpot;
  readonly targets: readonly RenameTarget[];
  readonly spots: readonly OccurrenceSpot[];
}

function subjectAt(context: FeatureContext, offset: number): Subject | RenameRefusal {
  const place = placeIn(context.file, offset);
  if (place?.node.hole === true) return no('A template sets this value. Rename it where the template gets it.');
  const views = viewsOf(latestSnapshot(context), context.uri);
  if (views.length === 0) return no('This document is not part of the workspace, so references to it are not known.');
  const starts = views.flatMap((view) => {
    const occurrence = place && occurrenceAt(view, context.uri, place);
    return occurrence ? [{ view, occurrence: occurrence }] : [];
  });
  const [first] = starts;
  const spot = first && occurrenceSpot(first.view, first.occurrence);
  if (!first) return no('Only labels, names of namespaces and names of ports can be renamed.');
  const fixed = whyNotRenamable(first.occurrence);
  if (fixed !== undefined) return no(fixed);
  const isBuilt = spot !== undefined && place !== undefined && spot.placed.manifest !== place.placed.manifest;
  if (!spot || isBuilt) return no(`A kustomization replaces this value with ${quote(first.occurrence.text)}. Rename it there.`);
  const targets = renameSet(starts);
  const plan = placesToRename(first.occurrence, targets);
  return plan.ok ? { ok: true, start: first.occurrence, spot, targets, spots: plan.spots } : plan;
}

function no(why: string): RenameRefusal {
  return { ok: false, why };
}

/** The word without its quotes, where it stands between them as it is. */
function wordIn({ file, span, node, prefix, isPart }: OccurrenceSpot): Span {
  if (isPart) return span;
  const behind = (whole: Span): Span => ({ start: whole.start + prefix.length, end: whole.end });
  if (node.style !== 'single' && node.style !== 'double') return behind(span);
  const inner = { start: span.start + 1, end: span.end - 1 };
  return textOf(file).slice(inner.start, inner.end) === node.text ? behind(inner) : span;
}

function filesOf(spots: readonly OccurrenceSpot[], name: string): readonly RenamedFile[] {
  const files = new Map<
    string,
    { readonly uri: string; readonly file: SourceFile; readonly edits: Map<number, Span & { readonly text: string }> }
  >();
  for (const { uri, file, node, span, prefix, isPart } of spots) {
    const inFile = files.get(uri) ?? { uri, file, edits: new Map<number, Span & { readonly text: string }>() };
    files.set(uri, inFile);
    // Two fields that share one map through an anchor are one place.
    inFile.edits.set(span.start, { ...span, text: isPart ? name : likeScalar(prefix + name, node) });
  }
  return [...files.values()]
    .toSorted((a, b) => (a.uri < b.uri ? -1 : 1))
    .map(({ edits, ...rest }) => ({ ...rest, edits: [...edits.values()].toSorted((a, b) => a.start - b.start) }));
}
