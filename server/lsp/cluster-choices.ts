import { count } from '../base/english.ts';
import { uriOf } from '../workspace/record.ts';
import { allUniverses, cluster, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { fileNameOf, parentOf } from '../workspace/uri.ts';
import type { ClusterChoice } from './protocol.ts';

/**
 * The clusters that have workloads, of one file or of the whole workspace, to choose one from where it is not clear which one is meant; in
 * the order of their titles.
 */
export function clusterChoices(snapshot: Snapshot, file?: string): readonly ClusterChoice[] {
  const all = file === undefined ? allUniverses(snapshot) : universesOf(snapshot, file);
  const choices = all.flatMap((id): readonly ClusterChoice[] => {
    const { workloads, policies } = cluster(snapshot, id);
    const named = namedIn(id);
    const files = [...workloads, ...policies].map(({ key }) => uriOf(key));
    // A file of several clusters is looked at from the first of them, so another one stands for it in clients that name no cluster.
    const uri = file ?? [...files, named].find((one) => universesOf(snapshot, one)[0] === id) ?? files[0];
    if (workloads.length === 0 || uri === undefined) return [];
    const detail = `${count(workloads.length, 'workload')}, ${count(policies.length, 'policy')}`;
    return [{ title: titleOf(named), detail, uri, cluster: id }];
  });
  return choices.toSorted((a, b) => (a.title < b.title ? -1 : 1));
}

/** What a cluster is called after: the name of a setting, or the address of a folder or a kustomization. */
function namedIn(id: string): string {
  return id.slice(id.indexOf(' ') + 1);
}

function titleOf(named: string): string {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(named)) return named;
  const folder = /\/kustomization(?:\.ya?ml)?$/i.test(named) ? parentOf(named) : named;
  return [fileNameOf(parentOf(folder)), fileNameOf(folder)].filter((part) => part !== '').join('/');
}
