import type { Settings } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { clusterFor, emptySnapshot, withFiles } from '../../server/workspace/snapshot.ts';

const FOLDER = 'file:///work';

/** The cluster that the files of one folder form, as the given network plugin enforces its policies. */
export function clusterOf(files: Readonly<Record<string, string>>, cni: Settings['cni'] = 'auto'): Cluster {
  const changes = Object.entries(files).map(([name, text]) => ({ uri: `${FOLDER}/${encodeURI(name)}`, file: sourceFile(text) }));
  const snapshot = withFiles(emptySnapshot({ folders: [FOLDER], clusters: {}, cni }), changes);
  return clusterFor(snapshot, changes[0]?.uri ?? FOLDER);
}
