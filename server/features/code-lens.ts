import { count } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import { evaluationOf, type Evaluation } from '../eval/evaluate.ts';
import { policyReach, reachOf, type Reach } from '../eval/reach.ts';
import { manifestsOf } from '../syntax/source-file.ts';
import { get, pairOf } from '../syntax/tree.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { allUniverses, cluster, resourceAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';

/** A place for a lens, in offsets of the file. What it says costs an evaluation and is asked for later. */
export interface Lens {
  readonly span: Span;
  readonly key: ManifestKey;
}

/** What a lens says, and what it opens. */
export interface LensText {
  readonly title: string;
  readonly opens: 'policy' | 'effective';
}

/** A lens for every policy and workload of the file. Works nothing out yet. */
export function codeLenses({ uri, file, snapshot, settings }: FeatureContext): readonly Lens[] {
  if (!settings.codeLens) return [];
  return manifestsOf(file).flatMap((placed): readonly Lens[] => {
    const key = keyOf(snapshot, uri, placed);
    const role = key === undefined ? undefined : resourceAt(snapshot, key)?.role;
    if (key === undefined || (role !== 'policy' && role !== 'workload')) return [];
    const { root } = placed.manifest;
    const at = pairOf(get(root, 'metadata'), 'name')?.span ?? pairOf(root, 'kind')?.span ?? root?.span;
    return at ? [{ key, span: { start: placed.start + at.start, end: placed.start + at.end } }] : [];
  });
}

/** The words of a lens: how many workloads a policy selects and who may reach them; how isolated a workload is. */
export function lensText(snapshot: Snapshot, uri: string, key: ManifestKey): LensText | undefined {
  const [universe] = universesOf(snapshot, uri);
  if (universe === undefined) return undefined;
  const evaluation = evaluationOf(cluster(snapshot, universe, uri));
  const policy = evaluation.cluster.policies.find((placed) => placed.key === key);
  if (policy) {
    const title = evaluation.cluster.workloads.length === 0 ? noWorkloads(snapshot) : policyText(evaluation, policy);
    return { title, opens: 'policy' };
  }
  const workload = evaluation.cluster.workloads.find((placed) => placed.key === key);
  return workload && { title: reachText(reachOf(evaluation, workload.value)), opens: 'effective' };
}

/** A file that no kustomization names is not part of their clusters, however near to it their workloads stand. */
function noWorkloads(snapshot: Snapshot): string {
  const elsewhere = allUniverses(snapshot).some((universe) => cluster(snapshot, universe).workloads.length > 0);
  return elsewhere ? 'no workloads in the cluster of this file' : 'no workloads in this workspace';
}

function policyText(evaluation: Evaluation, policy: Parameters<typeof policyReach>[1]): string {
  const { selected, sources, destinations } = policyReach(evaluation, policy);
  if (selected.length === 0) return 'selects no workload here';
  const acts = [
    ...(policy.value.ingress ? [`${count(sources, 'source')} may reach ${selected.length === 1 ? 'it' : 'them'}`] : []),
    ...(policy.value.egress ? [`${selected.length === 1 ? 'it' : 'they'} may reach ${count(destinations, 'destination')}`] : []),
  ];
  return [`selects ${count(selected.length, 'workload')}`, ...acts].join(', ');
}

function reachText({ isolated, sources, destinations, fromOutside, toOutside }: Reach): string {
  const state =
    isolated.ingress && isolated.egress
      ? 'isolated both ways'
      : isolated.ingress
        ? 'ingress isolated'
        : isolated.egress
          ? 'egress isolated'
          : 'not isolated';
  const side = (n: number, outside: boolean, way: string): string => `${n} ${way}${outside ? ' and from outside' : ''}`;
  return [state, side(sources, fromOutside, 'in'), side(destinations, false, 'out') + (toOutside ? ' and to outside' : '')].join(', ');
}
