import type { Fix, Replacement } from '../../rules/finding.ts';
import { itemBehind } from '../../rules/repair/insert-item.ts';
import { applyEdits, insertField, likeScalar, removeItem, removePair, replace, scalarText } from '../../syntax/edit.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { manifestsIn, type Manifest } from '../../syntax/manifest.ts';
import type { Path } from '../../syntax/path.ts';
import { blockText } from '../../syntax/print.ts';
import type { PlacedManifest } from '../../syntax/source-file.ts';
import { content, pairOf, type Node } from '../../syntax/tree.ts';
import { changesBetween, type FieldChange } from '../../workspace/kustomize/changes.ts';
import type { BuildObject } from '../../workspace/kustomize/objects.ts';
import { jsonOf, originAt, type Json } from '../../workspace/kustomize/values.ts';
import { locateOrigin, type Location } from '../../workspace/locate.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';

/** A built object, the text that was judged in its place, and the manifest where the finding is shown. */
export interface MovedFrom {
  readonly snapshot: Snapshot;
  readonly built: BuildObject;
  readonly manifest: Manifest;
  readonly place: PlacedManifest;
}

/**
 * Fixes for the text of a built object as edits of the manifest, patch or kustomization in which the changed values were written. A fix
 * that changes something written elsewhere, or that the text there does not allow, is left out.
 */
export function movedFixes(from: MovedFrom, fixes: readonly Fix[]): readonly Fix[] {
  return fixes.flatMap((fix) => {
    const changes = changesOf(from.manifest, fix);
    const edits = changes && withRenames(changes).map((change) => editOf(from, change));
    if (!edits || edits.length === 0 || !edits.every((edit) => edit !== undefined)) return [];
    return [{ ...fix, edits }];
  });
}

/** The fields that a fix changes; `undefined` where what is left is not YAML. */
function changesOf(manifest: Manifest, fix: Fix): readonly FieldChange[] | undefined {
  const { piece, root } = manifest;
  const index = manifestsIn(piece).indexOf(manifest);
  const after = manifestsIn({ ...piece, text: applyEdits(piece.text, fix.edits) })[index === -1 ? 0 : index];
  if (!root || !after?.root || after.problems.length > 0) return undefined;
  return changesBetween(jsonOf(root), jsonOf(after.root), manifest.inner);
}

interface Rename extends FieldChange {
  readonly name: string;
}

/** A field that goes and one that comes beside it with the same value are one change: of the key. */
function withRenames(changes: readonly FieldChange[]): readonly (FieldChange | Rename)[] {
  const [one, other] = changes;
  const [gone, come] = one?.after === undefined ? [one, other] : [other, one];
  if (changes.length !== 2 || !gone || !come || gone.after !== undefined || come.before !== undefined) return changes;
  const name = come.path.at(-1);
  const isBeside = gone.path.slice(0, -1).join('\n') === come.path.slice(0, -1).join('\n');
  if (!isBeside || typeof name !== 'string' || JSON.stringify(gone.before) !== JSON.stringify(come.after)) return changes;
  return [{ ...gone, after: gone.before, name }];
}

function editOf(from: MovedFrom, change: FieldChange | Rename): Replacement | undefined {
  const { path, before, after } = change;
  if (before === undefined) return after === undefined ? undefined : addition(from, path, after);
  const found = whereIs(from, path);
  const root = found?.placed.manifest.root;
  if (!found || !root) return undefined;
  const { text } = found.placed.manifest.piece;
  const last = found.path.at(-1);
  const around = collectionAt(root, found.path.slice(0, -1));
  const pair = typeof last === 'string' ? pairOf(around, last) : undefined;
  if ('name' in change) return pair?.key.kind === 'scalar' ? replace(pair.key.span, likeScalar(change.name, pair.key)) : undefined;
  if (after === undefined) {
    if (around?.kind === 'map' && pair && around.pairs.includes(pair)) return removePair(text, around, pair);
    const item = around?.kind === 'seq' && typeof last === 'number' ? around.items[last] : undefined;
    return around?.kind === 'seq' && item ? removeItem(text, around, item) : undefined;
  }
  return isScalar(before) && isScalar(after) ? substitution(found, nodeAt(root, found.path), before, after) : undefined;
}

/** The value replaced where it was written; `undefined` where something else stands there. */
function substitution(found: Location, node: Node | undefined, before: Json, after: Json): Replacement | undefined {
  const { placed, span } = found;
  const at = { start: span.start - placed.start, end: span.end - placed.start };
  const isThere = node !== undefined && node.span.start === at.start && node.span.end === at.end;
  if (isThere && node.kind === 'scalar' && jsonOf(node) === before)
    return replace(at, typeof after === 'string' ? likeScalar(after, node) : JSON.stringify(after));
  if (isThere) return undefined;
  // In the text of a field, such as a patch in a kustomization.
  const written = placed.manifest.piece.text.slice(at.start, at.end);
  const quote = /^(["']).*\1$/.exec(written)?.[1] ?? '';
  if (written !== `${quote}${typeof before === 'string' ? before : JSON.stringify(before)}${quote}`) return undefined;
  return replace(at, typeof after !== 'string' ? JSON.stringify(after) : quote === '' ? scalarText(after) : `${quote}${after}${quote}`);
}

/** A field or an item behind the last one, where the whole map or list around it was written in one place. */
function addition(from: MovedFrom, path: Path, value: Json): Replacement | undefined {
  const [outer, last] = [path.slice(0, -1), path.at(-1)];
  const found = whereIs(from, outer);
  const node = found && collectionAt(found.placed.manifest.root, found.path);
  if (!found || !node || node.span.start !== found.span.start - found.placed.start) return undefined;
  const { text } = found.placed.manifest.piece;
  const written = blockText(value, 0, { listIndent: 0, eol: '\n' });
  if (node.kind === 'map' && typeof last === 'string') return insertField(text, node, scalarText(last), written);
  return node.kind === 'seq' && node.items.length === last ? itemBehind(text, node, written) : undefined;
}

/** Where a value of the built object was written, if that is in the manifest where the finding is shown. */
function whereIs({ snapshot, built, place }: MovedFrom, path: Path): Location | undefined {
  const found = locateOrigin(snapshot, originAt(built.root, built.place, path));
  return found?.placed.manifest === place.manifest ? found : undefined;
}

function collectionAt(root: Node | undefined, path: Path): Node | undefined {
  const node = nodeAt(root, path);
  return node && content(node);
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}
