import type { Path } from '../../syntax/path.ts';
import { manifestsOf, type SourceFile } from '../../syntax/source-file.ts';
import { asMap, get, itemsOf, type Node, type Origin, pairsOf } from '../../syntax/tree.ts';
import { idOf } from './ids.ts';
import { BuildError, type BuildObject, buildObject } from './objects.ts';
import { guarded, type State, unknownPart } from './state.ts';
import { isNothing } from './values.ts';
import { writtenTree } from './written.ts';

/** The objects that the documents of a file hold. What kustomize refuses in one of them is noted, and the others count. */
export function documentsIn(state: State, file: SourceFile, uri: string): readonly BuildObject[] {
  const objects: BuildObject[] = [];
  const indexes = new Map<unknown, number>();
  for (const { manifest } of manifestsOf(file)) {
    const index = indexes.get(manifest.piece) ?? 0;
    indexes.set(manifest.piece, index + 1);
    const place: Origin = { written: { uri, piece: manifest.piece, index }, path: [] };
    if (manifest.oversized) {
      unknownPart(state, place, 'This manifest is too large to be read, so the build leaves it out.');
      continue;
    }
    const [problem] = manifest.problems;
    if (manifest.holes.length > 0 && manifest.root && !asMap(manifest.root)) continue;
    if (problem) {
      state.problems.push({
        code: 'kustomization-build',
        severity: 'error',
        place,
        message: `kustomize cannot read this file: ${problem.message}`,
      });
      continue;
    }
    guarded(state, place, () => objects.push(...objectOf(writtenTree(manifest), place)));
  }
  return objects;
}

/** Checks what kustomize asks of a document. */
function objectOf(root: Node | undefined, place: Origin): readonly BuildObject[] {
  if (!root || isNothing(root)) return [];
  const map = asMap(root);
  if (map && pairsOf(map).length === 0) return [];
  const { kind, name } = map ? idOf(map) : { kind: '', name: '' };
  if (!map || kind === '') throw new BuildError('This document has no kind, so kustomize refuses it as a resource.', place);
  if (kind.endsWith('List') && get(map, 'items') && itemsOf(get(map, 'items')).length === 0) return [];
  if (name === '' && !kind.endsWith('List'))
    throw new BuildError(`This ${kind} has no metadata.name, so kustomize refuses it as a resource.`, place);
  const empty = emptyItem(map, []);
  if (empty) throw new BuildError('This list has an empty item, so kustomize refuses the resource.', { ...place, path: empty });
  return [buildObject(map, place)];
}

/** The path of the first null in a list. */
function emptyItem(node: Node, path: Path): Path | undefined {
  if (node.kind === 'map') {
    for (const { name, value } of node.pairs) {
      const found = value.kind === 'scalar' ? undefined : emptyItem(value, [...path, name ?? '']);
      if (found) return found;
    }
  }
  if (node.kind !== 'seq') return undefined;
  for (const [i, { value }] of node.items.entries()) {
    const found = isNothing(value) ? [...path, i] : value.kind === 'scalar' ? undefined : emptyItem(value, [...path, i]);
    if (found) return found;
  }
  return undefined;
}
