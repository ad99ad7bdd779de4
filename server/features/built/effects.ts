import { memo } from '../../base/memo.ts';
import { manifestsOf } from '../../syntax/source-file.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, get, itemsOf, type MapNode } from '../../syntax/tree.ts';
import { changesBetween, type FieldChange } from '../../workspace/kustomize/changes.ts';
import { fieldIn } from '../../workspace/kustomize/fields.ts';
import type { BuildObject } from '../../workspace/kustomize/objects.ts';
import type { Id } from '../../workspace/kustomize/ids.ts';
import { jsonOf, listNode, textOfScalar, withField } from '../../workspace/kustomize/values.ts';
import { builtAfter, fileAt, foldersReading, kustomizationsOf, type Snapshot } from '../../workspace/snapshot.ts';
import { normalizeUri, parentOf, resolveFrom } from '../../workspace/uri.ts';

/** What becomes of one object by an entry of a kustomization. */
export interface Effect {
  /** The object as it is with the entry; as it was before for one that goes. */
  readonly id: Id;
  readonly became: 'added' | 'removed' | 'changed';
  readonly changes: readonly FieldChange[];
}

/** An entry of a kustomization: a field, or an item or key of one. */
export interface EntryPlace {
  readonly uri: string;
  readonly path: Path;
}

/**
 * What an entry of a kustomization does: the difference between the build with it and the build without it, policies first. A Component is
 * seen in the first build that includes it. Empty where it does nothing.
 */
export function effectsOf(snapshot: Snapshot, { uri, path }: EntryPlace): readonly Effect[] {
  const entry = { uri: normalizeUri(uri), path: entryPath(path) };
  const key = JSON.stringify(entry);
  const cached = effects(snapshot).get(key) ?? findEffects(snapshot, entry);
  effects(snapshot).set(key, cached);
  return cached;
}

const effects = memo<Snapshot, Map<string, readonly Effect[]>, []>(() => new Map());

function findEffects(snapshot: Snapshot, { uri, path }: EntryPlace): readonly Effect[] {
  const folder = parentOf(uri);
  const isComponent = kustomizationsOf(snapshot).get(uri)?.isComponent === true;
  const root = isComponent ? foldersReading(snapshot, uri)[0] : folder;
  if (root === undefined || path.length === 0) return [];
  const builtWith = (adapt: (map: MapNode) => MapNode): readonly BuildObject[] => builtAfter(snapshot, root, { folder, adapt }).objects;
  const [before, after] = [builtWith((map) => without(map, path)), builtWith((map) => map)];
  return differences(before, after).toSorted((a, b) => Number(isPolicy(b.id)) - Number(isPolicy(a.id)));
}

function isPolicy({ kind }: Id): boolean {
  return /NetworkPolicy$|^CiliumClusterwide/.test(kind);
}

/** The field, the item, or the key of a string map that a path is in: what can be left out alone. */
function entryPath(path: Path): Path {
  const [field, second, third, fourth] = path;
  if (field === undefined || second === undefined) return path;
  if (field === 'labels' && third === 'pairs' && fourth !== undefined) return [field, second, third, fourth];
  return [field, second];
}

function without(map: MapNode, [step, ...rest]: Path): MapNode {
  if (typeof step !== 'string') return map;
  const value = get(map, step);
  if (rest.length === 0 || !value) return withField(map, step, undefined);
  const [second, ...deeper] = rest;
  if (typeof second === 'string') {
    const inner = asMap(value);
    return inner ? withField(map, step, without(inner, rest)) : map;
  }
  const items = itemsOf(value);
  const left = items.flatMap((item, i) => {
    if (i !== second) return [item];
    const inner = asMap(item);
    return deeper.length > 0 && inner ? [without(inner, deeper)] : [];
  });
  return withField(map, step, left.length === 0 ? undefined : listNode(left));
}

function differences(before: readonly BuildObject[], after: readonly BuildObject[]): readonly Effect[] {
  const numbers = new Map<object, number>();
  const [old, fresh] = [byPlace(before, numbers), byPlace(after, numbers)];
  const found: Effect[] = [];
  for (const [key, object] of fresh) {
    const earlier = old.get(key);
    if (earlier?.root === object.root) continue;
    if (!earlier) {
      found.push({ id: object.id, became: 'added', changes: [] });
      continue;
    }
    const changes = changesBetween(jsonOf(earlier.root), jsonOf(object.root));
    if (changes.length > 0) found.push({ id: object.id, became: 'changed', changes });
  }
  for (const [key, { id }] of old) if (!fresh.has(key)) found.push({ id, became: 'removed', changes: [] });
  return found;
}

/** Objects by where they were written first: a build changes their names. */
function byPlace(objects: readonly BuildObject[], numbers: Map<object, number>): ReadonlyMap<string, BuildObject> {
  const found = new Map<string, BuildObject>();
  for (const object of objects) {
    const { written, path } = object.place;
    const number = numbers.get(written.piece) ?? numbers.size;
    numbers.set(written.piece, number);
    const key = `${written.uri} ${number} ${written.index} ${path.join('/')}`;
    let free = key;
    for (let i = 1; found.has(free); i++) free = `${key} ${i}`;
    found.set(free, object);
  }
  return found;
}

/** The entries of kustomizations that name a file as a patch. */
export function patchEntries(snapshot: Snapshot, address: string): readonly EntryPlace[] {
  const uri = normalizeUri(address);
  return [...kustomizationsOf(snapshot)].flatMap(([kustomization, { patches }]): readonly EntryPlace[] => {
    if (!patches.includes(uri)) return [];
    const file = fileAt(snapshot, kustomization);
    const root = file && manifestsOf(file)[0]?.manifest.root;
    const folder = parentOf(kustomization);
    return PATCH_FIELDS.flatMap((field) =>
      itemsOf(fieldIn(root, field)).flatMap((item, i) => {
        const path = textOfScalar(item) ?? textOfScalar(fieldIn(item, 'path'));
        return path !== undefined && resolveFrom(folder, path) === uri ? [{ uri: kustomization, path: [field, i] }] : [];
      }),
    );
  });
}

const PATCH_FIELDS = ['patches', 'patchesStrategicMerge', 'patchesJson6902'];
