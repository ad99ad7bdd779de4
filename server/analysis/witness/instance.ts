import type { Connection } from '../../eval/connection.ts';
import { formatIp } from '../../base/ip.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import type { EndpointExample } from '../../eval/endpoint-example.ts';
import { endpointName, stepsIn, type Step } from '../../eval/explain.ts';
import { coveredBy, rulesDisjoint, type Case } from '../../eval/subsume.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { anyRule, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { samePath } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { decisionsOn, type DecisionQuestion } from '../precedence/decisions.ts';
import { matchesCase } from '../precedence/first-match.ts';
import { connectionWords, type LocatedRule } from '../connection-words.ts';
import { usualPorts, EXAMPLE_IP, allowedPair, pairsMatching, pairsMissing } from './pairs.ts';
import { possibleConnection, selectsExample } from '../precedence/possible-connection.ts';
import { examplePod } from '../precedence/tier-order.ts';

/** One connection that shows what a finding is about. */
export interface Instance {
  /** Source, destination and port: "shop/web[Pod] -> shop/db[Pod] TCP 5432", "a pod in namespace web to a pod in namespace shop on TCP 80". */
  readonly words: string;
  /** What decides about it on the side of the policy; empty for a connection that only could be. */
  readonly steps: readonly Step[];
  /** A connection that only could be. */
  readonly connection?: Case;
}

/**
 * A connection that a rule of a policy matches: between workloads of the cluster, or one and an address, where the rule matches any; else
 * between ends that could be. `undefined` where it matches nothing that can be shown.
 */
export function instanceOf(evaluation: Evaluation, policy: Policy, rule: Rule, direction: Direction): Instance | undefined {
  for (const pair of pairsMatching(evaluation, policy, rule, direction)) return realInstance(evaluation, pair, direction);
  return possibleInstance(policy, rule, direction, { cluster: evaluation.cluster });
}

/** A connection of the pods of a policy that no rule of some policies matches; the same way. */
export function instanceBeyond(
  evaluation: Evaluation,
  policy: Policy,
  others: readonly Policy[],
  direction: Direction,
  isMeant: (decisions: ReturnType<typeof decisionsOn>) => boolean,
): Instance | undefined {
  let tries = MAX_TRIED_CONNECTIONS;
  for (const pair of pairsMissing(evaluation, policy, others, direction)) {
    if (tries-- <= 0) break;
    if (isMeant(decisionsOn(evaluation, questionOf(evaluation, pair, direction)))) return realInstance(evaluation, pair, direction);
  }
  const rules = others.flatMap((one) => one[direction]?.rules ?? []);
  const answer = coveredBy(ANYTHING, rules, direction);
  const isBeyond = (one: Case): boolean => !rules.some((rule) => matchesCase(rule, one));
  return answer.kind === 'no' ? caseInstance(policy, answer.witness, direction, isBeyond, { cluster: evaluation.cluster }) : undefined;
}

/** How many connections of the cluster are examined: where none of so many will do, one that only could be is as good an example. */
const MAX_TRIED_CONNECTIONS = 20;

function questionOf(evaluation: Evaluation, { from, to, protocol, port }: Connection, direction: Direction): DecisionQuestion {
  const [own, peer] = direction === 'egress' ? [from, to] : [to, from];
  return { direction, pod: endpointIndex(evaluation, own), other: endpointIndex(evaluation, peer), protocol, port };
}

/** Everything that there can be. */
const ANYTHING: Rule = anyRule();

/** What is known of the world of a connection that only could be. */
interface PossibleWorld {
  /** The cluster that it would be in. */
  readonly cluster?: Cluster;
  /** `false`: the manifest does not say itself in which namespace it is. */
  readonly isNamed?: boolean;
}

/** A connection that a rule matches in some possible cluster. */
export function possibleInstance(policy: Policy, rule: Rule, direction: Direction, world: PossibleWorld = {}): Instance | undefined {
  const answer = rulesDisjoint(rule, rule, direction);
  return answer.kind === 'no' ? caseInstance(policy, answer.witness, direction, (one) => matchesCase(rule, one), world) : undefined;
}

/** The rule of a list that decides about a connection: of one that only could be, the first that matches. */
export function decidingRuleIn({ steps, connection }: Instance, rules: readonly LocatedRule[]): LocatedRule | undefined {
  if (connection) return rules.find(({ rule }) => matchesCase(rule, connection));
  return rules.find(({ policy, rule }) => steps.some(({ at }) => at?.key === policy.key && samePath(at.path, rule.path)));
}

/** ", for example A -> B TCP 80": a connection as the end of a statement about many. */
export function forExample(instance: Instance | undefined): string {
  return instance ? `, for example ${instance.words}` : '';
}

/** The same for a connection that is allowed. */
export function forPair(pair: Connection | undefined): string {
  return pair ? `, for example ${pairWords(pair)}` : '';
}

/** The same for a connection of some workloads that no policy denies. */
export function forAllowed(evaluation: Evaluation, workloads: readonly Located<Workload>[], direction: Direction): string {
  return forPair(workloads.map(({ value }) => allowedPair(evaluation, value, direction)).find((pair) => pair !== undefined));
}

/** A connection of the cluster in words: "shop/web[Pod] -> shop/db[Pod] TCP 5432". */
export function pairWords({ from, to, protocol, port }: Connection): string {
  return `${endpointName(from)} -> ${endpointName(to)} ${protocol} ${port}`;
}

function realInstance(evaluation: Evaluation, pair: Connection, direction: Direction): Instance {
  return {
    words: pairWords(pair),
    // Many findings say the words only.
    get steps() {
      return stepsIn(evaluation, pair, direction);
    },
  };
}

/** With a port and an address that people know, where they may be any. */
function caseInstance(
  policy: Policy,
  found: Case,
  direction: Direction,
  isMeant: (connection: Case) => boolean,
  { cluster, isNamed = true }: PossibleWorld,
): Instance | undefined {
  const pod = examplePod(policy);
  if (!pod) return undefined;
  const onPort = withUsualPort(found, isMeant);
  // Of any address, one that reads like an address.
  const outside =
    onPort.address === '0.0.0.0' && !onPort.pod ? { ...onPort, address: formatIp(EXAMPLE_IP.family, EXAMPLE_IP.value) } : onPort;
  const example = { own: { pod }, connection: isMeant(outside) ? outside : onPort };
  const possible = possibleConnection(cluster, example, (one) => isMeant(one.connection) && selectsExample(policy, one.own));
  if (!possible) return undefined;
  const { own, connection } = possible;
  const shown = <T extends EndpointExample>(end: T): T => (isNamed ? end : withoutName(end, policy.namespace));
  return { words: connectionWords(direction, shown(own), shown(connection)), steps: [], connection };
}

/** The same connection on a port that people know, where that is meant as well. */
export function withUsualPort(found: Case, isMeant: (connection: Case) => boolean): Case {
  const usual = found.names.length > 0 ? [] : usualPorts(found.protocol).map((port): Case => ({ ...found, port }));
  return usual.find(isMeant) ?? found;
}

/** A namespace that the manifest does not name is not guessed: kubectl or kustomize may set it. */
function withoutName<T extends EndpointExample>(end: T, namespace: string | undefined): T {
  const { [NAME_LABEL]: name, ...labels } = end.pod?.namespace ?? {};
  return end.pod && name === namespace ? { ...end, pod: { ...end.pod, namespace: labels } } : end;
}
