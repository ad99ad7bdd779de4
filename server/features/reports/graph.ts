import { plain } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { siblings } from '../../eval/endpoint-names.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { policyReach } from '../../eval/reach.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import { connectionRows } from './connection-rows.ts';
import { paragraph, titled, type Report } from './report.ts';

/** What a graph is about: a namespace by its name, a workload or a policy by its manifest. */
export type GraphSubject =
  | { readonly of: 'namespace'; readonly name: string }
  | { readonly of: 'workload' | 'policy'; readonly key: ManifestKey };

/** How many connections a graph lists below itself. */
const MAX_LISTED_CONNECTIONS = 1000;

/**
 * The connections of a namespace, of a workload, or of the workloads that a policy selects, as a picture and as a list with the same in it.
 * `undefined` where the subject is gone.
 */
export function* graphReport(evaluation: Evaluation, subject: GraphSubject): Work<Report | undefined> {
  const found = subjectOf(evaluation, subject);
  if (!found) return undefined;
  const { title, about, own } = found;
  const names = new Set(own);
  const listed = yield* connectionRows(evaluation, {
    maxPairs: MAX_LISTED_CONNECTIONS,
    maxDeniedPairs: MAX_LISTED_CONNECTIONS,
    isOwn: (name) => names.has(name),
  });
  return {
    title,
    blocks: [
      titled(title),
      paragraph(about),
      { kind: 'picture', rows: listed.rows, marked: subject.of === 'namespace' ? [] : own },
      { kind: 'connections', as: 'table', none: 'No connection is allowed.', ...listed },
    ],
  };
}

interface Found {
  readonly title: string;
  readonly about: string;
  /** The endpoints that it is about, by name. */
  readonly own: readonly string[];
}

const ABOUT = 'All policies together decide. An arrow leads from the source to the destination.';

function subjectOf(evaluation: Evaluation, subject: GraphSubject): Found | undefined {
  const { workloads, policies } = evaluation.cluster;
  if (subject.of === 'namespace') {
    const own = workloads.flatMap(({ value }) => (value.namespace === subject.name ? namesOf(evaluation, value) : []));
    return own.length === 0 ? undefined : { title: `Connections of namespace ${plain(subject.name)}`, about: ABOUT, own };
  }
  if (subject.of === 'workload') {
    const placed = workloads.find(({ key }) => key === subject.key);
    return placed && { title: `Connections of ${plain(workloadName(placed.value))}`, about: ABOUT, own: namesOf(evaluation, placed.value) };
  }
  const placed = policies.find(({ key }) => key === subject.key);
  if (!placed) return undefined;
  const own = policyReach(evaluation, placed).selected.flatMap((workload) => namesOf(evaluation, workload));
  const name = `${placed.value.kind} ${plain(policyName(placed.value))}`;
  return {
    title: `Connections of what ${name} selects`,
    about: `The workloads with a thick border are those that it selects. ${ABOUT}`,
    own,
  };
}

/** A workload by its name in reports, and its pods where these get different verdicts. */
function namesOf(evaluation: Evaluation, workload: Evaluation['space']['endpoints'][number]): readonly string[] {
  return [workloadName(workload), ...siblings(evaluation, workload).map(({ name }) => name)];
}
