import { memo } from '../base/memo.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { labelsText } from './diff-match.ts';
import type { Evaluation } from './evaluate.ts';
import type { PodPolicies } from './rows.ts';

/** A class of each of the two states; none in the earlier one for what is new. */
export interface ClassPair {
  readonly before: number | undefined;
  readonly after: number;
  /** One workload of both classes, in each state. */
  readonly samples: { readonly before: Workload | undefined; readonly after: Workload };
}

/** What a change of state leaves alone about the pods of two classes. */
export interface Unchanged {
  /** The policies that select them are the same and say the same, in each direction. */
  readonly policies: Readonly<Record<Direction, boolean>>;
  /** Nothing that policies ask of a pod has changed: labels, namespace, ports, addresses. */
  readonly pod: boolean;
}

/**
 * Says what a change of state leaves alone, so that only pairs with something else are compared. A verdict depends on the policies that
 * select the source and the destination, on what the two pods are, and on the objects that policies refer to. Where one of those objects
 * has changed, nothing counts as unchanged.
 */
export function unchangedBetween(before: Evaluation, after: Evaluation): (pair: ClassPair) => Unchanged {
  if (!sameReferences(before.cluster, after.cluster)) return () => CHANGED;
  const labels = [before, after].map(
    ({ cluster }) => new Map(cluster.namespaces.map(({ value }) => [value.name, labelsText(value.labels)])),
  );
  const podText = (workload: Workload, at: 0 | 1): string =>
    `${comparedText(podFacts(workload))} ${labels[at]?.get(workload.namespace) ?? ''}`;
  return ({ before: old, after: now, samples }) => {
    if (old === undefined || samples.before === undefined) return CHANGED;
    const same = (direction: Direction): boolean => samePolicies(before.podPolicies[direction][old], after.podPolicies[direction][now]);
    return {
      policies: { ingress: same('ingress'), egress: same('egress') },
      pod: podText(samples.before, 0) === podText(samples.after, 1),
    };
  };
}

const CHANGED: Unchanged = { policies: { ingress: false, egress: false }, pod: false };

/** Are the objects that policies may refer to the same? Namespaces are looked at pod by pod, callers decide nothing. */
function sameReferences(one: Cluster, other: Cluster): boolean {
  return (
    one.plane === other.plane &&
    REFERENCES.every((kind) => {
      const [old, now] = [one[kind], other[kind]];
      return old === now || (old.length === now.length && textsOf(old).every((text, i) => text === textsOf(now)[i]));
    })
  );
}

const REFERENCES = ['services', 'nodes', 'slices', 'accounts', 'sets', 'tiers'] as const;

const textsOf = memo((all: readonly Located<object>[]): readonly string[] => all.map(({ value }) => comparedText(value)).toSorted());

function samePolicies(before: PodPolicies | undefined, after: PodPolicies | undefined): boolean {
  return before !== undefined && after !== undefined && (before === after || listsText(before) === listsText(after));
}

/** The lists that select a pod: which policies these are of, with all that they say, and which of their rules are about the pod. */
const listsText = memo(({ lists, unevaluated }: PodPolicies): string => {
  const parts = lists.map(({ placed, list, rules, uncertain }) => {
    const about = rules.map(({ index, uncertain: perhaps }) => `${index}${perhaps === true ? '?' : ''}`).join();
    return `${comparedText(placed.value)} ${list.path.join('.')} ${list.direction} ${uncertain} ${about}`;
  });
  return [...parts, ...unevaluated.map(({ value }) => comparedText(value))].join('\n');
});

/** What policies may ask of a pod. */
function podFacts({
  namespace,
  labels,
  generatedLabels,
  unknownLabels,
  replicas,
  ports,
  hostNetwork,
  ips,
  nodeName,
  runsAs,
}: Workload): object {
  return {
    namespace,
    labels: labelsText(labels),
    generated: Object.keys(generatedLabels ?? {}).toSorted(),
    unknown: unknownLabels,
    replicas,
    ports: ports.map(({ name, port, protocol }) => [name, port, protocol]),
    hostNetwork,
    ips,
    nodeName,
    runsAs,
  };
}

/** A value as text: two that say the same have the same. */
export const comparedText: (value: object) => string = memo((value: object): string =>
  JSON.stringify(value, (_, one: unknown): unknown => {
    if (typeof one === 'bigint') return `${one}n`;
    return one instanceof Set || one instanceof Map ? Array.from<unknown>(one) : one;
  }),
);

/** Does nothing tell the verdicts of a pair in the two states apart? */
export function isPairUnchanged(source: Unchanged, destination: Unchanged): boolean {
  return source.policies.egress && destination.policies.ingress && source.pod && destination.pod;
}

/** Does nothing tell apart what may pass between a pod and addresses outside the cluster? */
export function isOutsideUnchanged({ policies, pod }: Unchanged): boolean {
  return pod && DIRECTIONS.every((direction) => policies[direction]);
}
