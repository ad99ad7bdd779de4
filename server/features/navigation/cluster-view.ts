import { memo, memoBy } from '../../base/memo.ts';
import { matchesScope } from '../../model/endpoint-set.ts';
import type { Resource } from '../../model/kind.ts';
import { impliedNamespace } from '../../model/namespace.ts';
import type { NamespaceScope } from '../../model/policy.ts';
import type { Labels } from '../../model/selector.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import { keysOf, type Index } from '../../workspace/lookup.ts';
import type { Member } from '../../workspace/member.ts';
import { uriOf } from '../../workspace/record.ts';
import { fileAt, membersOfFile, universeOf, universesOf, withFile, type Snapshot } from '../../workspace/snapshot.ts';
import type { Universe } from '../../workspace/universe-state.ts';
import type { FeatureContext } from '../context.ts';

/** One cluster, as one looks around in it. */
export interface ClusterView {
  readonly snapshot: Snapshot;
  readonly universe: Universe;
  readonly index: Index;
}

/** An object of the cluster and the manifest it stands in. */
export interface WorkspaceObject {
  readonly key: ManifestKey;
  readonly resource: Resource;
  /** Why it takes no part in verdicts, where it does not. */
  readonly outside?: string;
}

/** The workspace with the asked file as it is in the editor, which may be newer. */
export function latestSnapshot({ snapshot, uri, file }: FeatureContext): Snapshot {
  return fileAt(snapshot, uri) === file ? snapshot : withFile(snapshot, uri, file);
}

/** The clusters that a file is part of. */
export function viewsOf(snapshot: Snapshot, uri: string): readonly ClusterView[] {
  return universesOf(snapshot, uri).flatMap((id) => viewOf(snapshot, id) ?? []);
}

/** The cluster of an id; `undefined` where no file forms it. */
export function viewOf(snapshot: Snapshot, id: string): ClusterView | undefined {
  const universe = universeOf(snapshot, id);
  return universe && { snapshot, universe, index: universe.index };
}

/** The object of a key, as it stands in this cluster: after what kustomizations do to it. */
export function objectOf({ snapshot, universe }: ClusterView, key: ManifestKey): WorkspaceObject | undefined {
  return membersByKey(membersOfFile(snapshot, universe.id, uriOf(key))).get(key);
}

/** The objects of some keys. */
export function objectsOf(view: ClusterView, keys: readonly ManifestKey[]): readonly WorkspaceObject[] {
  return keys.flatMap((key) => objectOf(view, key) ?? []);
}

/** Every object of the cluster, those that take no part in verdicts included. */
export function objectsIn({ universe }: ClusterView): readonly WorkspaceObject[] {
  return membersIn(universe);
}

const membersIn = memo((universe: Universe): readonly Member[] => universe.files.flatMap(({ members }) => members));

/** Does a scope include a namespace? Its unreadable requirements are ignored. */
export function includesNamespace(view: ClusterView, scope: NamespaceScope, namespace: string): boolean {
  return matchesScope(scope, { labels: namespaceLabels(view, namespace) }) !== 'no';
}

/** The labels of a namespace; one that no manifest defines has its name only. */
function namespaceLabels(view: ClusterView, name: string): Labels {
  return labelsOf(view.universe, name, view);
}

const labelsOf = memoBy((_: Universe, name: string, view: ClusterView) => findLabels(view, name));

function findLabels(view: ClusterView, name: string): Labels {
  for (const { resource } of objectsOf(view, keysOf(view.index, 'Namespace', '', name)))
    if (resource.role === 'namespace') return resource.value.labels;
  return impliedNamespace(name).labels;
}

const membersByKey = memo(
  (members: readonly Member[]): ReadonlyMap<ManifestKey, Member> => new Map(members.map((member) => [member.key, member])),
);
