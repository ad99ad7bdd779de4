import { memo } from '../base/memo.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import { asMap, type MapNode, type Node } from '../syntax/tree.ts';
import { wrappedObjects } from '../syntax/wrapper.ts';
import type { ManifestKey } from './cluster.ts';
import type { BuildObject } from './kustomize/objects.ts';
import { memberFor, type Member } from './member.ts';
import { readManifest, type FileRecord, type ReadObject } from './record.ts';

/** An object of a cluster as a build has made it, and the member that it is there. */
export interface BuiltMember {
  readonly member: Member;
  /** What the build has made; absent where it has changed nothing. */
  readonly built?: BuildObject;
  /** The number of the object among those that the built one wraps; 0 for all others. */
  readonly index?: number;
}

/**
 * The members that a build brings to a cluster, by the file that each was written in first. What the build leaves as it is written is the
 * member of the file; what it changes has a key that names the cluster, too. `before` are those of an earlier build: what reads as before
 * keeps its objects.
 */
export function builtMembers(
  cluster: string,
  objects: readonly BuildObject[],
  recordAt: (uri: string) => FileRecord | undefined,
  before: ReadonlyMap<ManifestKey, BuiltMember>,
  used: Set<ManifestKey>,
): readonly BuiltMember[] {
  return objects.flatMap((object) => {
    const { uri, piece, index } = object.place.written;
    const record = recordAt(uri);
    const entries = record?.entries.filter((entry) => entry.piece === piece && (entry.object.index === index || isWrapped(piece))) ?? [];
    if (isAsWritten(object)) return entries.map((entry) => asWritten(entry.key, entry.object, used));
    return readBuilt(object).flatMap((read, i) => {
      const raw = entries[i]?.key ?? `${uri}\n${read.id}\n0`;
      const key = freshKey(`${raw}\n${cluster}`, used);
      const old = before.get(key);
      if (old?.built === object && old.index === i) return old;
      const same = old && JSON.stringify(old.member.resource) === JSON.stringify(read.resource) && old.member.outside === read.outside;
      return { member: same ? old.member : memberFor(key, read), built: object, index: i };
    });
  });
}

function isWrapped(piece: Manifest['piece']): boolean {
  return manifestsIn(piece).some(({ inner, list }) => inner.length > 0 && list === undefined);
}

/** Is the object what stands in its file? */
function isAsWritten({ root, original }: BuildObject): boolean {
  return root === original;
}

function asWritten(raw: ManifestKey, object: ReadObject, used: Set<ManifestKey>): BuiltMember {
  const key = freshKey(raw, used);
  return { member: memberFor(key, object) };
}

/** An object that a cluster has twice has two keys. */
function freshKey(key: ManifestKey, used: Set<ManifestKey>): ManifestKey {
  let free = key;
  for (let i = 1; used.has(free); i++) free = `${key}\n${i}`;
  used.add(free);
  return free;
}

/** What a built object is read into: itself, or the objects that it wraps. */
function readBuilt({ root, place }: BuildObject): readonly ReadObject[] {
  return readTree(root, place.written.piece);
}

const readTree = memo((root: MapNode, piece: Manifest['piece']): readonly ReadObject[] => {
  const objects: readonly Node[] = wrappedObjects(root)?.map((one) => one.root) ?? [root];
  return objects.flatMap((object, index) => {
    const map = asMap(object);
    return map ? (readManifest(standIn(map, piece), index) ?? []) : [];
  });
});

function standIn(root: MapNode, piece: Manifest['piece']): Manifest {
  return { piece, root, problems: [], holes: [], inner: [], oversized: false };
}
