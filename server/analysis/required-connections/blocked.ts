import { hasTraffic, portSet, trafficOf } from '../../base/ports.ts';
import { evaluation, type Evaluation } from '../../eval/evaluate.ts';
import { membersOf } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/peers.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import type { KnownCaller } from './known-callers.ts';
import { closingOf, isClear, isOpenToOutside, letsInStrangers, mayAccept, mayLieInOpenBlock, type Closing } from './open-to.ts';
import { wantedIn, type Target, type Wanted } from './required.ts';

/** A wanted connection that policies deny, with one case of it. */
export interface Cut {
  readonly wanted: Wanted;
  /** Who is denied; `undefined` where nobody is known, and nobody who might be would get through. */
  readonly source: KnownCaller | undefined;
  readonly target: Target;
  readonly direction: Direction;
  /** The policies that deny it, the one to change first. */
  readonly closing: readonly Closing[];
}

/** Wanted connections of one policy that are looked at, at most: some policies are about every pod there is. */
const MOST = 200;

/** The wanted connections of a sort that one policy cuts. Each stands at one policy, or at one for each end where both are closed. */
export function cutsAt(cluster: Cluster, sort: Wanted['sort'], policy: Placed<Policy>): readonly Cut[] {
  const { to, from } = wantedIn(cluster)[sort];
  if (to.size === 0) return [];
  const made = evaluation(cluster);
  const cutIn = (direction: Direction): readonly Cut[] =>
    concerned(made, policy.value, direction === 'ingress' ? to : from)
      .flatMap((wanted) => cutOf(made, wanted, direction) ?? [])
      .filter(({ closing }) => closing[0]?.policy.key === policy.key);
  return DIRECTIONS.filter((direction) => policy.value[direction] !== undefined).flatMap(cutIn);
}

/** The wanted connections that end at pods of the policy. */
function concerned({ space }: Evaluation, policy: Policy, wanted: ReadonlyMap<Workload, readonly Wanted[]>): readonly Wanted[] {
  const found: Wanted[] = [];
  for (const id of membersOf(subjectBits(space, policy))) {
    for (const pod of space.classes[id]?.members ?? []) found.push(...(wanted.get(pod) ?? []));
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}

/** Is it sure that none of the sources reaches any of the targets, and does this end of the first pair deny it? */
function cutOf(made: Evaluation, wanted: Wanted, direction: Direction): Cut | undefined {
  const [[target], [source]] = [wanted.targets, wanted.sources];
  if (!target) return undefined;
  // Where nobody is known, an address outside shows it: what denies it closes the pods.
  const ends = { source: source ? idOf(made, source) : made.space.classes.length, destination: idOf(made, target), caller: source };
  if (!isShut(made, direction, ends, target) || !wanted.targets.every((one) => isCut(made, wanted, one))) return undefined;
  return { wanted, source, target, direction, closing: closingOf(made, direction, inOrder(direction, ends), target) };
}

interface Ends {
  readonly source: number;
  readonly destination: number;
  /** `undefined`: an address outside. */
  readonly caller: KnownCaller | undefined;
}

function isCut(made: Evaluation, { sources, strangers, outside }: Wanted, target: Target): boolean {
  const destination = idOf(made, target);
  if (destination === -1) return false;
  if (outside && mayComeFromAnywhere(made, destination, target)) return false;
  return (
    !strangers.some((stranger) => mayAccept(made, 'ingress', destination, { kind: 'pod', ...stranger, ...target })) &&
    sources.every((source) =>
      DIRECTIONS.some((direction) => isShut(made, direction, { source: idOf(made, source), destination, caller: source }, target)),
    )
  );
}

/** May somebody get in of whom nothing is known? */
function mayComeFromAnywhere(made: Evaluation, id: number, target: Target): boolean {
  return !isClear(made, 'ingress', id) || isOpenToOutside(made, 'ingress', id, target) || letsInStrangers(made, id, target);
}

/** Is one side surely closed? An open block of addresses may hold the pod. */
function isShut(made: Evaluation, direction: Direction, ends: Ends, target: Target): boolean {
  const [own, other] = inOrder(direction, ends);
  if (own >= made.space.classes.length || !isClear(made, direction, own)) return false;
  if (hasTraffic(made.outcome(direction, own, other).maybe, target.protocol, target.port)) return false;
  const pod = direction === 'ingress' ? ends.caller?.workload.value : target.workload.value;
  return pod === undefined || !mayLieInOpenBlock(made, direction, own, pod, trafficOf(target.protocol, portSet(target.port)));
}

function inOrder(direction: Direction, { source, destination }: Ends): readonly [own: number, other: number] {
  return direction === 'ingress' ? [destination, source] : [source, destination];
}

function idOf({ space }: Evaluation, { workload }: Pick<Target, 'workload'>): number {
  return space.classOf.get(workload.value) ?? -1;
}
