import type { Path } from '../../syntax/path.ts';
import { manifestsOf, type SourceFile } from '../../syntax/source-file.ts';
import { asMap, get, itemsOf, type MapNode, type Node, type Origin, pairsOf } from '../../syntax/tree.ts';
import { idOf } from './ids.ts';
import { type BuildObject, buildObject } from './objects.ts';
import { type State, unknownPart } from './state.ts';
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
    const root = writtenTree(manifest);
    const message = problem ? `kustomize cannot read this file: ${problem.message}` : faultOf(root);
    if (message !== undefined)
      state.problems.push({
        code: 'kustomization-resource',
        severity: 'error',
        place: { ...place, path: problem ? [] : emptyPath(root) },
        message,
      });
    // An object that kustomize rejects is still the intended object.
    const map = root && asMap(root);
    if (map && isObject(map)) objects.push(buildObject(map, place));
  }
  return objects;
}

function isObject(map: MapNode): boolean {
  const { kind } = idOf(map);
  const isEmptyList = kind.endsWith('List') && get(map, 'items') !== undefined && itemsOf(get(map, 'items')).length === 0;
  return kind !== '' && !isEmptyList;
}

/** Why kustomize refuses a document as a resource. */
function faultOf(root: Node | undefined): string | undefined {
  if (!root || isNothing(root)) return undefined;
  const map = asMap(root);
  if (map && pairsOf(map).length === 0) return undefined;
  const { kind, name } = map ? idOf(map) : { kind: '', name: '' };
  if (!map || kind === '') return 'This document has no kind. kustomize refuses it as a resource.';
  if (name === '' && !kind.endsWith('List')) return `This ${kind} has no metadata.name. kustomize refuses it as a resource.`;
  return emptyItem(map, []) ? 'This list has an item without a value. kustomize refuses the resource.' : undefined;
}

function emptyPath(root: Node | undefined): Path {
  return (root && emptyItem(root, [])) ?? [];
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
