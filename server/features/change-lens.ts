import { count, list } from '../base/english.ts';
import type { Work } from '../base/work.ts';
import { CHANGES, diffWork, type Change, type ClusterDiff } from '../eval/diff.ts';
import { evaluationWork } from '../eval/evaluate.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { withManifestReverted, type Version } from '../workspace/reverted.ts';
import { cluster, rawKey, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { changeCounts } from './reports/changes.ts';

/** What an edit is compared with: the file on disk, or the last commit. */
export type Since = 'disk' | 'head';

/** What the edit of one manifest changes, as a sentence: "This edit allows 2 connections and denies 1." `undefined` where it is gone. */
export function* changeText(snapshot: Snapshot, uri: string, key: ManifestKey, version: Version, since: Since): Work<string | undefined> {
  const before = withManifestReverted(snapshot, uri, rawKey(key), version);
  if (!before) return undefined;
  const clusters = universesOf(snapshot, uri);
  const diffs: ClusterDiff[] = [];
  for (const id of clusters) {
    const [old, now] = [yield* evaluationWork(cluster(before, id, uri)), yield* evaluationWork(cluster(snapshot, id, uri))];
    diffs.push(yield* diffWork(old, now));
  }
  return sentence(diffs, since);
}

function sentence(diffs: readonly ClusterDiff[], since: Since): string {
  const isOne = since === 'disk';
  const counts = changeCounts(diffs);
  const present = CHANGES.filter((change) => counts[change] > 0);
  const words = present.map((change, at) => {
    const number = at === 0 ? count(counts[change], 'connection') : counts[change];
    return `${VERBS[change][isOne ? 0 : 1]} ${number}${change === 'unknown' ? ' unknown' : ''}`;
  });
  const touched = diffs.filter(({ changes }) => changes.length > 0).length;
  const where = diffs.length > 1 && touched > 0 ? ` in ${touched} of ${count(diffs.length, 'cluster')}` : '';
  const what = words.length === 0 ? `change${isOne ? 's' : ''} no connection` : list(words);
  return `${isOne ? 'This edit' : 'The changes since HEAD'} ${what}${where}.`;
}

const VERBS: Readonly<Record<Change, readonly [string, string]>> = {
  allowed: ['allows', 'allow'],
  denied: ['denies', 'deny'],
  unknown: ['leaves', 'leave'],
};
