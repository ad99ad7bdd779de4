import { count } from '../base/english.ts';
import { uriOf } from '../workspace/record.ts';
import { allUniverses, cluster, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { fileNameOf, parentOf } from '../workspace/uri.ts';
import type { ClusterChoice } from './protocol.ts';

/** The clusters of the workspace that have workloads, to choose one from where no file says which one is meant; in the order of their titles. */
export function clusterChoices(snapshot: Snapshot): readonly ClusterChoice[] {
  const choices = allUniverses(snapshot).flatMap((id): readonly ClusterChoice[] => {
    const { workloads, policies } = cluster(snapshot, id);
    const named = namedIn(id);
    // A file of several clusters is looked at from the first of them, so it stands for that one only.
    const uri = [...[...workloads, ...policies].map(({ key }) => uriOf(key)), named].find((one) => universesOf(snapshot, one)[0] === id);
    if (workloads.length === 0 || uri === undefined) return [];
    const detail = `${count(workloads.length, 'workload')}, ${count(policies.length, 'policy')}`;
    return [{ title: titleOf(named), detail, uri }];
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
