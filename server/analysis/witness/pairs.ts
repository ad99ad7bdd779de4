import type { Connection } from '../../eval/connection.ts';
import {
  firstTraffic,
  hasTraffic,
  type Traffic,
  type Protocol,
  ALL_TRAFFIC,
  NO_TRAFFIC,
  portSet,
  subtractTraffic,
  trafficOf,
  uniteTraffic,
} from '../../base/ports.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import type { Step } from '../../eval/explain.ts';
import type { Related } from '../related.ts';
import type { Ip } from '../../base/ip.ts';
import { has, bitMembers, type Bits } from '../../eval/bits.ts';
import { endpointIndex, verdict, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { ruleBits, subjectBits } from '../../eval/endpoint-bits.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { CompiledRule } from '../../model/rule-list.ts';

/** Connections of the cluster that a rule matches, those between workloads first. Some of each kind, not all of them. */
export function* pairsMatching(evaluation: Evaluation, policy: Policy, rule: Rule, direction: Direction): Generator<Connection> {
  const effective = effectivePolicy(policy)[direction]?.rules.find((one) => one.rule === rule);
  if (!effective) return;
  const on = ruleBits(evaluation.space, effective);
  yield* pairsOf(evaluation, policy, direction, on, (_, destination) => trafficAt(effective, destination));
}

/** Connections of the pods of a policy that no rule of some policies matches. */
export function* pairsMissing(
  evaluation: Evaluation,
  policy: Policy,
  rulesOf: readonly Policy[],
  direction: Direction,
): Generator<Connection> {
  const rules = rulesOf.flatMap((one) =>
    (effectivePolicy(one)[direction]?.rules ?? []).map((effective) => ({
      effective,
      on: ruleBits(evaluation.space, effective),
    })),
  );
  yield* pairsOf(evaluation, policy, direction, 'all', (other, destination) => {
    const matching = rules.filter(({ on }) => on === 'all' || has(on, other));
    return subtractTraffic(ALL_TRAFFIC, uniteTraffic(NO_TRAFFIC, ...matching.map(({ effective }) => trafficAt(effective, destination))));
  });
}

/** A connection of a workload that is allowed: with one of another namespace if there is any, else of its own, else with an address. */
export function allowedPair(evaluation: Evaluation, workload: Workload, direction: Direction): Connection | undefined {
  const own: Endpoint = { kind: 'workload', workload };
  const others = [...othersOf(evaluation, endpointIndex(evaluation, own), 'all')];
  const isElsewhere = (end: Endpoint): boolean => end.kind === 'workload' && end.workload.namespace !== workload.namespace;
  for (const other of [...others.filter(isElsewhere), ...others.filter((end) => !isElsewhere(end))]) {
    const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
    const port = examplePort(verdict(evaluation, from, to).allowed, to.kind === 'workload' ? to.workload.ports : []);
    if (port) return { from, to, ...port };
  }
  return undefined;
}

/** 192.0.2.1, an address for documentation (RFC 5737): to name where any would do. */
export const EXAMPLE_IP: Pick<Ip, 'family' | 'value'> = { family: 4, value: 0xc0000201n };

/** An address outside for examples. */
export const EXAMPLE_ADDRESS: Endpoint = { kind: 'address', ip: EXAMPLE_IP };

/** The traffic that a rule matches at a destination; `undefined`: an address, which has no named ports. */
export function trafficAt({ match: { traffic, named } }: CompiledRule, destination: Workload | undefined): Traffic {
  const own = (destination?.ports ?? []).filter((port) =>
    named.some(({ name, protocol }) => name === port.name && (protocol ?? port.protocol) === port.protocol),
  );
  return own.reduce((sum, { protocol, port }) => uniteTraffic(sum, trafficOf(protocol, portSet(port))), traffic);
}

function* pairsOf(
  evaluation: Evaluation,
  policy: Policy,
  direction: Direction,
  on: Bits | 'all',
  trafficFor: (other: number, destination: Workload | undefined) => Traffic,
): Generator<Connection> {
  const { space } = evaluation;
  for (const id of bitMembers(subjectBits(space, policy)).slice(0, MAX_OWN_CLASSES)) {
    const workload = space.classes[id]?.sample;
    if (!workload || workload.hostNetwork) continue;
    const own: Endpoint = { kind: 'workload', workload };
    for (const other of othersOf(evaluation, id, on)) {
      const [from, to] = direction === 'ingress' ? [other, own] : [own, other];
      const destination = to.kind === 'workload' ? to.workload : undefined;
      const port = examplePort(trafficFor(endpointIndex(evaluation, other), destination), destination?.ports);
      if (port) yield { from, to, ...port };
    }
  }
}

/** How many equivalence classes are examined: a few are as good as many for an example. */
const MAX_OWN_CLASSES = 10;
const MAX_OTHER_CLASSES = 40;

/** The other endpoints in a set: workloads except the one itself, then an address. */
function* othersOf(evaluation: Evaluation, own: number, on: Bits | 'all'): Generator<Endpoint> {
  const { classes, atoms } = evaluation.space;
  let left = MAX_OTHER_CLASSES;
  for (const { id, members, sample } of classes) {
    if (left <= 0) break;
    if (on !== 'all' && !has(on, id)) continue;
    const workload = id === own ? members[1] : sample;
    if (!workload || workload.hostNetwork) continue;
    left--;
    yield { kind: 'workload', workload };
  }
  const usual = OUTSIDE.find((end) => on === 'all' || has(on, endpointIndex(evaluation, end)));
  if (usual) yield usual;
  const atom = usual || on === 'all' ? undefined : atoms.find((_, at) => has(on, classes.length + at));
  if (atom) yield { kind: 'address', ip: { family: atom.family, value: atom.from } };
}

/** Addresses for documentation (RFC 5737, RFC 3849): no host has them. */
const OUTSIDE: readonly Endpoint[] = [EXAMPLE_ADDRESS, { kind: 'address', ip: { family: 6, value: 0x20010db8n << 96n } }];

/** Where steps were decided, each with its reason. What no policy decides stands nowhere. */
export function stepPlaces(steps: readonly Step[]): readonly Related[] {
  return steps.flatMap((step) => (step.at ? [{ key: step.at.key, path: step.at.path, message: stepText(step) }] : []));
}

/** The reason of a step as a sentence of its own: with the kind in front of the name of the policy that it starts with. */
export function stepText({ kind, policy, why }: Step): string {
  return kind !== undefined && policy !== undefined && why.startsWith(policy) ? `${kind} ${why}` : why;
}

/** A port to name as an example of some traffic: one that the destination declares, else one that people know, else the first there is. */
export function examplePort(
  traffic: Traffic,
  declared: readonly ContainerPort[] = [],
): { readonly protocol: Protocol; readonly port: number } | undefined {
  const own = declared.find(({ protocol, port }) => hasTraffic(traffic, protocol, port));
  if (own) return { protocol: own.protocol, port: own.port };
  for (const protocol of ['TCP', 'UDP'] as const) {
    const port = usualPorts(protocol).find((one) => hasTraffic(traffic, protocol, one));
    if (port !== undefined) return { protocol, port };
  }
  return firstTraffic(traffic);
}

/** Ports that people know. */
export function usualPorts(protocol: Protocol): readonly number[] {
  return protocol === 'UDP' ? [53, 443] : [443, 80, 8080];
}
