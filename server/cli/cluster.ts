import type { Settings } from '../settings.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { allUniverses, cluster, clusterName, type Snapshot } from '../workspace/snapshot.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { allFiles } from './files.ts';
import { load } from './load.ts';

/** The cluster that a command answers for, and the snapshot it is a part of. */
export interface LoadedCluster {
  readonly snapshot: Snapshot;
  readonly cluster: Cluster;
  /** The name of the cluster. */
  readonly name: string;
  /** Is it the only one of the paths? Otherwise texts name it. */
  readonly isOnly: boolean;
}

/**
 * Reads all paths and chooses the cluster that the command is about: the one that `--cluster` names, the only one, or the only one that
 * `fits`. Throws a UsageError with their names where that is not one.
 */
export async function loadCluster(args: Arguments, settings: Settings, fits?: (cluster: Cluster) => boolean): Promise<LoadedCluster> {
  if (args.paths.length === 0) throw new UsageError('name the files or folders that make up the cluster.');
  const files = await allFiles(args);
  const { snapshot } = await load(files, args.paths, settings);
  const all = clustersOf(snapshot);
  const option = args.values['cluster'];
  if (typeof option === 'string') return clusterNamed(new Map(all.map((one) => [one, one.name])), option);
  const [first, ...others] = all;
  if (!first) return { snapshot, cluster: cluster(snapshot, ''), name: '', isOnly: true };
  if (others.length === 0) return first;
  const fitting = fits ? all.filter((one) => fits(one.cluster)) : [];
  const [only, ...more] = fitting;
  if (only && more.length === 0) return only;
  const names = (fitting.length > 0 ? fitting : all).map(({ name }) => name);
  throw choiceAmong(names);
}

/** More names are not read on one line. */
const MAX_NAMES_PER_LINE = 10;

/** Which clusters there are: in the sentence, or in a list above it where they are many. */
function choiceAmong(names: readonly string[]): UsageError {
  if (names.length <= MAX_NAMES_PER_LINE)
    return new UsageError(`the paths hold several clusters. Choose one with --cluster: ${names.join(', ')}.`);
  return new UsageError(
    `the paths hold ${names.length} clusters, listed above. Choose one with --cluster, or give the path of its folder instead.`,
    names,
  );
}

/** Reads all paths, and gives every cluster in them, or the one that `--cluster` names. */
export async function clustersIn(args: Arguments, settings: Settings): Promise<readonly LoadedCluster[]> {
  if (args.paths.length === 0) throw new UsageError('name the files or folders that make up the cluster.');
  const files = await allFiles(args);
  const { snapshot } = await load(files, args.paths, settings);
  const all = clustersOf(snapshot);
  const option = args.values['cluster'];
  return typeof option === 'string' ? [clusterNamed(new Map(all.map((one) => [one, one.name])), option)] : all;
}

/** The clusters that count: those with a workload or a policy. */
export function clustersOf(snapshot: Snapshot): readonly LoadedCluster[] {
  const all = allUniverses(snapshot).map((id) => ({ snapshot, cluster: cluster(snapshot, id), name: clusterName(snapshot, id) }));
  const relevant = all.filter((one) => one.cluster.workloads.length > 0 || one.cluster.policies.length > 0);
  return relevant.map((one) => ({ ...one, isOnly: relevant.length === 1 }));
}

/** The one of some clusters (by any key, with their names) that `--cluster` names. Throws a UsageError where there is none. */
export function clusterNamed<T>(clusters: ReadonlyMap<T, string>, option: string): T {
  const plain = (name: string): string => name.replace(/^\.\/(?=.)/, '');
  const all = [...clusters];
  const found =
    all.find(([, name]) => plain(name) === plain(option)) ??
    all.find(([, name]) => plain(name).replace(/\/$/, '') === plain(option).replace(/\/$/, ''));
  if (!found) throw new UsageError(`there is no cluster '${option}'. The clusters are ${listed([...clusters.values()])}.`);
  return found[0];
}

/** The first names, and how many others there are. */
function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_PER_LINE;
  return more <= 0 ? names.join(', ') : `${names.slice(0, MAX_NAMES_PER_LINE).join(', ')} and ${more} others`;
}
