import { hasTraffic, portSet, trafficOf } from '../../base/ports.ts';
import { evaluation, type Evaluation } from '../../eval/evaluate.ts';
import { membersOf } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/peers.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
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
  policy: Placed<Policy>,
): readonly BlockedConnection[] {
  const { to, from } = requiredConnections(cluster)[kind];
  if (to.size === 0) return [];
  const made = evaluation(cluster);
  const blockedIn = (direction: Direction): readonly BlockedConnection[] =>
    concerned(made, policy.value, direction === 'ingress' ? to : from)
      .flatMap((required) => blockedConnectionOf(made, required, direction) ?? [])
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
  for (const id of membersOf(subjectBits(space, policy))) {
    for (const pod of space.classes[id]?.members ?? []) found.push(...(required.get(pod) ?? []));
    if (found.length >= MAX_CONNECTIONS_PER_POLICY) break;
  }
  return found.slice(0, MAX_CONNECTIONS_PER_POLICY);
}

/** Is it sure that none of the sources reaches any of the targets, and does this end of the first pair deny it? */
function blockedConnectionOf(made: Evaluation, required: RequiredConnection, direction: Direction): BlockedConnection | undefined {
  const [[target], [source]] = [required.targets, required.sources];
  if (!target) return undefined;
  // Where no source is known, an address outside stands for it: what denies that one isolates the pods.
  const endpoints = { source: source ? idOf(made, source) : made.space.classes.length, destination: idOf(made, target), caller: source };
  if (!isDenied(made, direction, endpoints, target) || !required.targets.every((one) => isBlocked(made, required, one))) return undefined;
  return { required, source, target, direction, deniedBy: denyingPolicies(made, direction, inOrder(direction, endpoints), target) };
}

interface EndpointIndexes {
  readonly source: number;
  readonly destination: number;
  /** `undefined`: an address outside. */
  readonly caller: KnownCaller | undefined;
}

function isBlocked(made: Evaluation, { sources, unknownPods, outside }: RequiredConnection, target: Target): boolean {
  const destination = idOf(made, target);
  if (destination === -1) return false;
  if (outside && mayComeFromAnywhere(made, destination, target)) return false;
  return (
    !unknownPods.some((unknownPod) => mayAccept(made, 'ingress', destination, { kind: 'pod', ...unknownPod, ...target })) &&
    sources.every((source) =>
      DIRECTIONS.some((direction) => isDenied(made, direction, { source: idOf(made, source), destination, caller: source }, target)),
    )
  );
}

/** May an unknown source be allowed? */
function mayComeFromAnywhere(made: Evaluation, id: number, target: Target): boolean {
  return !isFullyReadable(made, 'ingress', id) || isOpenToOutside(made, 'ingress', id, target) || allowsUnknownPods(made, id, target);
}

/** Is the connection denied for sure in one direction? An allowed address block may hold the pod. */
function isDenied(made: Evaluation, direction: Direction, endpoints: EndpointIndexes, target: Target): boolean {
  const [own, other] = inOrder(direction, endpoints);
  if (own >= made.space.classes.length || !isFullyReadable(made, direction, own)) return false;
  if (hasTraffic(made.outcome(direction, own, other).maybe, target.protocol, target.port)) return false;
  const pod = direction === 'ingress' ? endpoints.caller?.workload.value : target.workload.value;
  return pod === undefined || !mayLieInOpenBlock(made, direction, own, pod, trafficOf(target.protocol, portSet(target.port)));
}

function inOrder(direction: Direction, { source, destination }: EndpointIndexes): readonly [own: number, other: number] {
  return direction === 'ingress' ? [destination, source] : [source, destination];
}

function idOf({ space }: Evaluation, { workload }: Pick<Target, 'workload'>): number {
  return space.classOf.get(workload.value) ?? -1;
}
