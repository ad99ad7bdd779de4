import { hasTraffic, portSet, trafficOf } from '../../base/ports.ts';
import { evaluationOf, type Evaluation } from '../../eval/evaluate.ts';
import { bitMembers } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { podClasses } from '../../eval/equivalence-classes.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { podMatch } from '../../model/pod-match.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';
import { isOperatorLabel } from '../label-origins.ts';
import type { KnownCaller } from './known-callers.ts';
import {
  denyingPolicies,
  isFullyReadable,
  isOpenToOutside,
  allowsUnknownPods,
  mayAccept,
  mayLieInOpenBlock,
  type DenyingPolicy,
} from './open-to.ts';
import { requiredConnections } from './required.ts';
import type { RequiredConnection, Target } from './targets.ts';

/** A required connection that policies deny, with one case of it. */
export interface BlockedConnection {
  readonly required: RequiredConnection;
  /** The source that is denied; `undefined` where no source is known, and any possible one would be denied. */
  readonly source: KnownCaller | undefined;
  readonly target: Target;
  readonly direction: Direction;
  /** The policies that deny it, the one to change first. */
  readonly deniedBy: readonly DenyingPolicy[];
}

/** How many required connections of one policy are examined: some policies select every pod there is. */
const MAX_CONNECTIONS_PER_POLICY = 200;

/** The required connections of a kind that one policy blocks. Each is reported at one policy, or at one for each endpoint where both deny it. */
export function blockedConnectionsAt(
  cluster: Cluster,
  kind: RequiredConnection['kind'],
  policy: Located<Policy>,
): readonly BlockedConnection[] {
  const { to, from } = requiredConnections(cluster)[kind];
  if (to.size === 0) return [];
  const evaluation = evaluationOf(cluster);
  const blockedIn = (direction: Direction): readonly BlockedConnection[] =>
    concerned(evaluation, policy.value, direction === 'ingress' ? to : from)
      .flatMap((required) => blockedConnectionOf(evaluation, required, direction) ?? [])
      .filter(({ deniedBy }) => deniedBy[0]?.policy.key === policy.key);
  return DIRECTIONS.filter((direction) => policy.value[direction] !== undefined).flatMap(blockedIn);
}

/** The required connections of pods that the policy selects. */
function concerned(
  { space }: Evaluation,
  policy: Policy,
  required: ReadonlyMap<Workload, readonly RequiredConnection[]>,
): readonly RequiredConnection[] {
  const found: RequiredConnection[] = [];
  for (const id of bitMembers(subjectBits(space, policy))) {
    for (const pod of space.classes[id]?.members ?? []) found.push(...(required.get(pod) ?? []));
    if (found.length >= MAX_CONNECTIONS_PER_POLICY) break;
  }
  return found.slice(0, MAX_CONNECTIONS_PER_POLICY);
}

/** Is it sure that none of the sources reaches any of the targets, and does this end of the first pair deny it? */
function blockedConnectionOf(evaluation: Evaluation, required: RequiredConnection, direction: Direction): BlockedConnection | undefined {
  const [[target], [source]] = [required.targets, required.sources];
  if (!target) return undefined;
  // Where no source is known, an address outside stands for it: what denies that one isolates the pods.
  const endpoints = {
    source: source ? idOf(evaluation, source) : evaluation.space.classes.length,
    destination: idOf(evaluation, target),
    caller: source,
  };
  if (!isDenied(evaluation, direction, endpoints, target) || !required.targets.every((one) => isBlocked(evaluation, required, one)))
    return undefined;
  if (required.targets.some(({ workload }) => mayBeSelectedBesides(evaluation.cluster, workload.value, 'ingress'))) return undefined;
  if (source && mayBeSelectedBesides(evaluation.cluster, source.workload.value, 'egress')) return undefined;
  return { required, source, target, direction, deniedBy: denyingPolicies(evaluation, direction, inOrder(direction, endpoints), target) };
}

/** Might a policy with rules select the pods after all, by a label that a mesh or an operator gives them and no manifest shows? */
function mayBeSelectedBesides(cluster: Cluster, workload: Workload, direction: Direction): boolean {
  const isShown = ({ key }: Requirement): boolean =>
    Object.hasOwn(workload.labels, key) ||
    workload.replicas?.labels.some((label) => label.key === key) === true ||
    !isOperatorLabel(cluster, key);
  const isolating = clusterFacts(cluster).isolatingIn.get(workload.namespace) ?? [];
  return isolating.some(({ value: { subject, ...policy } }) => {
    if ((policy[direction]?.rules.length ?? 0) === 0) return false;
    const { requirements } = subject.pods;
    const shown = requirements.filter(isShown);
    return shown.length < requirements.length && podMatch({ requirements: shown, path: [] }, workload) !== 'none';
  });
}

interface EndpointIndexes {
  readonly source: number;
  readonly destination: number;
  /** `undefined`: an address outside. */
  readonly caller: KnownCaller | undefined;
}

function isBlocked(evaluation: Evaluation, required: RequiredConnection, target: Target): boolean {
  // Of numbered pods that policies tell apart, one that can be reached is enough.
  const destinations = idsOf(evaluation, target);
  return destinations.length > 0 && destinations.every((destination) => isPodBlocked(evaluation, required, target, destination));
}

function isPodBlocked(
  evaluation: Evaluation,
  { sources, unknownPods, outside }: RequiredConnection,
  target: Target,
  destination: number,
): boolean {
  if (outside !== 'no' && mayComeFromOutside(evaluation, destination, target)) return false;
  if (outside === 'also' && allowsUnknownPods(evaluation, destination, target)) return false;
  return (
    !unknownPods.some((unknownPod) => mayAccept(evaluation, 'ingress', destination, { kind: 'pod', ...unknownPod, ...target })) &&
    sources.every((caller) =>
      idsOf(evaluation, caller).every((source) =>
        DIRECTIONS.some((direction) => isDenied(evaluation, direction, { source, destination, caller }, target)),
      ),
    )
  );
}

/** May an address outside be allowed? */
function mayComeFromOutside(evaluation: Evaluation, id: number, target: Target): boolean {
  return !isFullyReadable(evaluation, 'ingress', id) || isOpenToOutside(evaluation, 'ingress', id, target);
}

/** Is the connection denied for sure in one direction? An allowed address block may hold the pod. */
function isDenied(evaluation: Evaluation, direction: Direction, endpoints: EndpointIndexes, target: Target): boolean {
  const [own, other] = inOrder(direction, endpoints);
  if (own >= evaluation.space.classes.length || !isFullyReadable(evaluation, direction, own)) return false;
  if (hasTraffic(evaluation.outcome(direction, own, other).maybe, target.protocol, target.port)) return false;
  const pod = direction === 'ingress' ? endpoints.caller?.workload.value : target.workload.value;
  return pod === undefined || !mayLieInOpenBlock(evaluation, direction, own, pod, trafficOf(target.protocol, portSet(target.port)));
}

function inOrder(direction: Direction, { source, destination }: EndpointIndexes): readonly [own: number, other: number] {
  return direction === 'ingress' ? [destination, source] : [source, destination];
}

function idsOf({ space }: Evaluation, { workload }: Pick<Target, 'workload'>): readonly number[] {
  return podClasses(space).get(workload.value) ?? [];
}

function idOf({ space }: Evaluation, { workload }: Pick<Target, 'workload'>): number {
  return space.classOf.get(workload.value) ?? -1;
}
