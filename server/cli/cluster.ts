import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { Settings } from '../settings.ts';
import { sourceFile } from '../syntax/source-file.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { allUniverses, cluster, emptySnapshot, withFiles, withScope, type FileChange, type Snapshot } from '../workspace/snapshot.ts';
import { UsageError } from './arguments.ts';
import { inputFiles } from './files.ts';

/** Everything that the paths name, as one cluster, and the snapshot it is made from. */
export interface LoadedCluster {
  readonly snapshot: Snapshot;
  readonly cluster: Cluster;
}

/**
 * Reads all paths into one cluster. What the settings (`clusters`) or a single kustomization say about them is
 * honoured; where they would fall into several clusters, everything is taken as one.
 */
export async function loadCluster(paths: readonly string[], settings: Settings): Promise<LoadedCluster> {
  if (paths.length === 0) throw new UsageError('name the files or folders that make up the cluster.');
  const changes: FileChange[] = [];
  for await (const { uri, text } of inputFiles(paths)) changes.push({ uri, file: sourceFile(text), keepTrees: true });
  const folders = paths.map((path) => pathToFileURL(resolve(path)).href);
  const snapshot = withFiles(emptySnapshot({ folders, clusters: settings.clusters, together: true }), changes);
  const [first, ...others] = allUniverses(snapshot);
  if (first !== undefined && others.length === 0) return { snapshot, cluster: cluster(snapshot, first) };
  const whole = withScope(snapshot, { folders, clusters: { all: ['**'] } });
  const [only] = allUniverses(whole);
  return { snapshot: whole, cluster: cluster(whole, only ?? '') };
}
