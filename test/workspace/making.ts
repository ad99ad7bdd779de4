import { sourceFile } from '../../server/syntax/source-file.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { mapEntries } from '../../server/workspace/persistent-map.ts';
import { allUniverses, cluster, emptySnapshot, indexOf, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import type { Scope } from '../../server/workspace/clusters.ts';
import { fixture } from '../fixture.ts';

export const FOLDER = 'file:///work';

/** A snapshot of the files of a fixture, below one workspace folder. */
export function snapshotOf(source: string, scope: Partial<Scope> = {}): Snapshot {
  const changes = fixture(source).files.map(({ name, text }) => ({ uri: `${FOLDER}/${name}`, file: sourceFile(text) }));
  return withFiles(emptySnapshot({ folders: [FOLDER], clusters: {}, ...scope }), changes);
}

/** What a cluster holds, in short. */
export function shortly({ policies, workloads, namespaces, services, nodes, problems }: Cluster): readonly string[] {
  return [
    ...policies.map(({ value }) => `${value.kind} ${[value.namespace, value.name].filter((part) => part !== undefined).join('/')}`),
    ...workloads.map(({ value }) =>
      `${value.owner?.kind ?? value.kind} ${value.namespace}/${value.owner?.name ?? value.name} ${JSON.stringify(value.labels)} ${value.ips.join(' ')}`.trim(),
    ),
    ...namespaces.map(({ value }) => `Namespace ${value.name}`),
    ...services.map(({ value }) => `Service ${value.namespace}/${value.name}`),
    ...nodes.map(({ value }) => `Node ${value.name}`),
    ...problems.map(({ message }) => `! ${message}`),
  ];
}

/** Everything a snapshot answers, for comparison. */
export function answersOf(snapshot: Snapshot, askings: readonly string[]): unknown {
  return allUniverses(snapshot).map((id) => ({
    id,
    index: [...mapEntries(indexOf(snapshot, id))].sort(([a], [b]) => (a < b ? -1 : 1)),
    clusters: [undefined, ...askings].map((asking) => cluster(snapshot, id, asking)),
  }));
}
