import { sourceFile } from '../../server/syntax/source-file.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { clusterFor, emptySnapshot, withFiles } from '../../server/workspace/snapshot.ts';

const FOLDER = 'file:///work';

/** The cluster that the files of one folder form. */
export function clusterOf(files: Readonly<Record<string, string>>): Cluster {
  const changes = Object.entries(files).map(([name, text]) => ({ uri: `${FOLDER}/${encodeURI(name)}`, file: sourceFile(text) }));
  const snapshot = withFiles(emptySnapshot({ folders: [FOLDER], clusters: {} }), changes);
  return clusterFor(snapshot, changes[0]?.uri ?? FOLDER);
}
