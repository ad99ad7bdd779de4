import { count } from '../../base/english.ts';
import { bullets, code } from '../../base/markdown.ts';
import type { Place } from '../../syntax/locate.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Path } from '../../syntax/path.ts';
import { changesBetween } from '../../workspace/kustomize/changes.ts';
import type { BuildObject } from '../../workspace/kustomize/objects.ts';
import { jsonOf, type Json } from '../../workspace/kustomize/values.ts';
import { writtenKeyOf } from '../../workspace/locate.ts';
import { builtAt, clusterName, keysIn, universesOf, type Snapshot } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import { changesText, objectTitle, shortJson } from '../text/change-text.ts';

const MAX_LISTED_CLUSTERS = 5;

/** What builds make of the manifest or field at a place, one line for each cluster; `undefined` where none changes it. */
export function overlaysText({ snapshot, uri }: FeatureContext, { placed, path }: Place): string | undefined {
  const objects = builtFrom(snapshot, uri, placed);
  const { root } = placed.manifest;
  if (objects.length === 0 || !root) return undefined;
  const own = [...placed.manifest.inner, ...path];
  const lines = objects.flatMap(({ cluster, object }) => {
    const text = isHead(path)
      ? headText(object, jsonOf(root), nodeJson(object.root, placed.manifest.inner))
      : fieldText(object, own, nodeJson(root, path));
    return text === undefined ? [] : [`In ${code(cluster)}: ${text}`];
  });
  if (lines.length === 0) return undefined;
  const more = lines.length - MAX_LISTED_CLUSTERS;
  return bullets([...lines.slice(0, MAX_LISTED_CLUSTERS), ...(more > 0 ? [`and in ${count(more, 'more cluster')}`] : [])]);
}

interface BuiltFrom {
  readonly cluster: string;
  readonly object: BuildObject;
}

/** The objects that builds have made of a manifest, in the order of the clusters' names. */
function builtFrom(snapshot: Snapshot, uri: string, placed: Place['placed']): readonly BuiltFrom[] {
  const raw = writtenKeyOf(snapshot, uri, placed);
  if (raw === undefined) return [];
  const found = universesOf(snapshot, uri).flatMap((id) =>
    keysIn(snapshot, id, raw).flatMap((key): readonly BuiltFrom[] => {
      const object = builtAt(snapshot, key)?.built;
      return object ? [{ cluster: clusterName(snapshot, id), object }] : [];
    }),
  );
  return found.toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

function isHead(path: Path): boolean {
  return path.length === 0 || path[0] === 'apiVersion' || path[0] === 'kind' || (path.length === 1 && path[0] === 'metadata');
}

/** What the object is called after the build, and what is changed in it. */
function headText({ id }: BuildObject, written: Json, built: Json | undefined): string | undefined {
  const changes = changesBetween(written, built).filter(
    ({ path }) => path[0] !== 'metadata' || !['name', 'namespace'].includes(String(path[1])),
  );
  return changes.length === 0 ? objectTitle(id) : `${objectTitle(id)}, ${changesText(changes)}`;
}

/** The value of the field after the build; `undefined` where it is as it is written. */
function fieldText({ root }: BuildObject, path: Path, written: Json | undefined): string | undefined {
  const after = nodeJson(root, path);
  const changes = changesBetween(written, after);
  if (changes.length === 0) return undefined;
  if (after === undefined) return 'removed';
  return typeof after === 'object' && after !== null ? changesText(changes) : shortJson(after);
}

function nodeJson(root: BuildObject['root'] | NonNullable<Place['placed']['manifest']['root']>, path: Path): Json | undefined {
  const node = nodeAt(root, path);
  return node && jsonOf(node);
}
