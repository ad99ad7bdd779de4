import type { Work } from '../base/work.ts';
import { diffWork } from '../eval/diff.ts';
import { namedEndpoints } from '../eval/endpoint-names.ts';
import { evaluationWork } from '../eval/evaluate.ts';
import { changesReport, linkedSection, NO_CHANGES, shownClusters, summaryText, type ChangedCluster } from '../features/reports/changes.ts';
import { paragraph, type Report } from '../features/reports/report.ts';
import { titleOfKindWord } from '../model/api.ts';
import { withManifestReverted, type Version } from '../workspace/reverted.ts';
import { allUniverses, cluster, clusterName, clusterWork, rawKey, universesOf, withFiles, type Snapshot } from '../workspace/snapshot.ts';
import { uriOf } from '../workspace/record.ts';
import type { ReportKind } from './protocol.ts';
import type { EarlierVersions } from './versions.ts';

type ChangesKind = Extract<ReportKind, { kind: 'changes' }>;

const SINCE = { disk: 'the files on disk', head: 'HEAD' } as const;

/**
 * What has changed since the files on disk or the last commit, in one manifest or in the whole workspace. `undefined` where there is
 * nothing to compare with.
 */
export function* changesSince(snapshot: Snapshot, versions: EarlierVersions, what: ChangesKind): Work<Report | undefined> {
  const before = stateBefore(snapshot, versions, what);
  if (!before) return undefined;
  for (const state of [before, snapshot]) yield* clusterWork(state);
  const { key } = what;
  // A file whose only manifest is broken by an edit may be part of a cluster no longer.
  const ids = [before, snapshot].flatMap((state) => (key === undefined ? allUniverses(state) : universesOf(state, uriOf(key))));
  const clusters: ChangedCluster[] = [];
  for (const id of [...new Set(ids)].sort()) clusters.push(yield* changedCluster(before, snapshot, id));
  const { shown, others } = shownClusters(clusters);
  const object = key === undefined ? undefined : nameIn(key);
  const title = object === undefined ? `Changes since ${SINCE[what.since]}` : `Changes of ${object} since ${SINCE[what.since]}`;
  const notes = others === '' ? [] : [paragraph(others)];
  return changesReport(title, summaryText(SINCE[what.since], 'the editor', clusters), shown.map(linkedSection), notes);
}

function stateBefore(snapshot: Snapshot, versions: EarlierVersions, { since, key }: ChangesKind): Snapshot | undefined {
  if (key !== undefined) {
    const version = versions.of(uriOf(key))[since];
    return version === undefined ? undefined : withManifestReverted(snapshot, uriOf(key), rawKey(key), version);
  }
  const all = versions.since(since);
  return (
    all &&
    withFiles(
      snapshot,
      [...all].map(([uri, version]) => fileChange(uri, version)),
    )
  );
}

function fileChange(uri: string, version: Version): { uri: string; file: Exclude<Version, null> | undefined } {
  return { uri, file: version ?? undefined };
}

function* changedCluster(before: Snapshot, after: Snapshot, id: string): Work<ChangedCluster> {
  const [was, is] = [before, after].map((one) => allUniverses(one).includes(id));
  const name = clusterName(after, id);
  if (is !== true) return { name, status: 'removed', diff: NO_CHANGES, names: [] };
  const now = yield* evaluationWork(cluster(after, id));
  const names = namedEndpoints(now).map((one) => one.name);
  if (was !== true) return { name, status: 'new', diff: NO_CHANGES, names };
  const old = yield* evaluationWork(cluster(before, id));
  return { name, status: 'both', diff: yield* diffWork(old, now), names };
}

/** What a key names: `NetworkPolicy shop/web`, `Calico NetworkPolicy shop/web`. */
function nameIn(key: string): string {
  const [kind = '', namespace = '', name = ''] = (key.split('\n')[1] ?? '').split('/');
  return `${titleOfKindWord(kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
