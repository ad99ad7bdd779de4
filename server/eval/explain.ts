import { hasTraffic, isNoTraffic, NO_TRAFFIC, portsIn, trafficOf, type Traffic, type Protocol } from '../base/ports.ts';
import { list, quote } from '../base/english.ts';
import { formatIp, parseIp } from '../base/ip.ts';
import { PATH_ORDER, type Direction, type Policy } from '../model/policy.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import type { Standing, UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import type { Cluster, ManifestKey, Located } from '../workspace/cluster.ts';
import { endpointNameIn, siblings } from './endpoint-names.ts';
import { elementOfFamily, endpointIndex, evaluationOf, verdictAt, type Endpoint, familiesBetween, type Evaluation } from './evaluate.ts';
import type { Family, Verdict } from './verdict.ts';
import { policyName, workloadName } from './names.ts';
import type { Connection } from './connection.ts';
import { notesOn } from './notes.ts';
import { outcomeFor } from './rows.ts';
import { stageOf, type Stage } from './stages.ts';
import type { Decision } from './outcome.ts';
import { reason, type Question } from './why.ts';

/** Why one connection is allowed or denied: the decisions in tier order, at the source and at the destination. */
export interface Explanation {
  /** `undefined`: it depends on the order of policies whose order nothing defines. `unknown`: on policies that are not evaluated. */
  readonly verdict: 'allow' | 'deny' | 'undefined' | 'unknown';
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** By address family, where that matters; then the verdict is the more open one. */
  readonly families?: Readonly<Record<'IPv4' | 'IPv6', 'allow' | 'deny' | 'undefined' | 'unknown'>>;
  /** It is allowed at layers 3 and 4, and then judged by layer 7. */
  readonly condition?: string;
  /** Egress of the source, then ingress of the destination, each in tier order. */
  readonly steps: readonly Step[];
  /** What to know beside the verdict: the CNI decides, something was left out. Sentences. */
  readonly notes: readonly string[];
}

/** One policy that has a say, or the default. */
export interface Step {
  readonly side: Direction;
  /** Absent for the default. */
  readonly stage?: Stage;
  /** The title of the stage, or `Default`. */
  readonly tier: string;
  /** The policy; absent for the default, and for what is not evaluated. */
  readonly at?: { readonly key: ManifestKey; readonly policy: Policy; readonly path: Path };
  /** Where a policy stands that is not evaluated. */
  readonly unevaluated?: ManifestKey;
  /** As reports name it. */
  readonly policy?: string;
  readonly kind?: string;
  /** The field path of the rule, where a rule is behind it. */
  readonly rule?: string;
  /** `Unknown`: the policy is not evaluated, and may decide either way. */
  readonly action: Decision<unknown>['action'] | 'Unknown';
  /** Another policy of the same priority says otherwise. */
  readonly tied: boolean;
  /** It is unknown whether the rule matches this connection, or whether its policy selects the pod. */
  readonly uncertain?: true;
  /** One sentence. */
  readonly why: string;
  /** The same where the policy is named before: "It selects …". */
  readonly whyShort: string;
}

/** Explains one connection. EndpointIndexes that are not a workload of the cluster are taken as outside. */
export function explain(cluster: Cluster, connection: Connection): Explanation {
  return explainIn(evaluationOf(cluster), connection);
}

/** Explains one connection in an evaluation, which may leave out policies. An address of a known pod is taken for that pod. */
export function explainIn(evaluation: Evaluation, { from, to, protocol, port }: Connection): Explanation {
  const [source, destination] = [podAt(evaluation.cluster, from), podAt(evaluation.cluster, to)];
  const verdict = verdictAt(evaluation, endpointIndex(evaluation, source), endpointIndex(evaluation, destination));
  const word = verdictWord(verdict, protocol, port);
  const families = verdict.families && {
    IPv4: verdictWord(verdict.families[4], protocol, port),
    IPv6: verdictWord(verdict.families[6], protocol, port),
  };
  const differ = families !== undefined && families.IPv4 !== families.IPv6;
  const steps = stepsOnBothSides(
    evaluation,
    { from: source, to: destination, protocol, port },
    families && (families.IPv4 === word ? 4 : 6),
  );
  return {
    verdict: word,
    from: endpointNameIn(evaluation, source),
    to: endpointNameIn(evaluation, destination),
    protocol,
    port,
    ...(differ ? { families } : {}),
    ...(word === 'allow' ? conditionOf(verdict, protocol, port) : {}),
    steps,
    notes: [
      ...addressNotes(evaluation, from, to),
      ...siblingNotes(evaluation, { from: source, to: destination, protocol, port }),
      ...(differ ? [familyNote(families)] : []),
      ...steps.flatMap(ruleNote),
      ...notesOn(evaluation, { from: source, to: destination, protocol, port }, word === 'deny'),
    ],
  };
}

/** What is to know about the rule behind a step. */
function ruleNote({ at, side }: Step): readonly string[] {
  const rule = at?.policy[side]?.rules.find(({ path }) => path === at.path);
  return rule?.note === undefined ? [] : [rule.note];
}

function conditionOf({ conditional = [] }: Verdict, protocol: Protocol, port: number): Pick<Explanation, 'condition'> {
  const found = conditional.find(({ traffic }) => hasTraffic(traffic, protocol, port));
  return found ? { condition: found.condition } : {};
}

type Word = Explanation['verdict'];

function familyNote(families: NonNullable<Explanation['families']>): string {
  return `A connection uses one address family: over IPv4 it is ${VERDICT_WORDS[families.IPv4]}, over IPv6 it is ${VERDICT_WORDS[families.IPv6]}.`;
}

/** The pod that has an address, where one is known to have it. */
export function podAt(cluster: Cluster, end: Endpoint): Endpoint {
  if (end.kind !== 'address') return end;
  const found = cluster.workloads.find(({ value }) => value.ips.some((text) => isAddress(text, end.ip)));
  return found ? { kind: 'workload', workload: found.value } : end;
}

function isAddress(text: string, { family, value }: Extract<Endpoint, { kind: 'address' }>['ip']): boolean {
  const ip = parseIp(text);
  return ip.ok && ip.family === family && ip.value === value;
}

function addressNotes(evaluation: Evaluation, ...endpoints: readonly Endpoint[]): string[] {
  return endpoints.flatMap((end) => {
    const pod = podAt(evaluation.cluster, end);
    const name = endpointNameIn(evaluation, pod);
    if (pod !== end) return [`${endpointNameIn(evaluation, end)} is the address of ${name}, so the answer is for that pod.`];
    return [];
  });
}

/** The verdicts on the other pods of an owner whose pods differ: the answer is about one of them. */
function siblingNotes(evaluation: Evaluation, { from, to, protocol, port }: Connection): string[] {
  const verdictOf = (source: Endpoint, destination: Endpoint): Word =>
    verdictWord(verdictAt(evaluation, endpointIndex(evaluation, source), endpointIndex(evaluation, destination)), protocol, port);
  return [from, to].flatMap((end) => {
    if (end.kind !== 'workload') return [];
    const name = endpointNameIn(evaluation, end);
    const others = siblings(evaluation, end.workload).filter((one) => one.name !== name);
    if (others.length === 0) return [];
    const verdicts = others.map(({ name: other, workload }) => {
      const pod: Endpoint = { kind: 'workload', workload };
      return `${other}: ${VERDICT_WORDS[end === from ? verdictOf(pod, to) : verdictOf(from, pod)]}`;
    });
    return [`${name} is one of several pods of its owner, which get verdicts of their own: ${list(verdicts, 'and', 5)}.`];
  });
}

const VERDICT_WORDS: Readonly<Record<Word, string>> = { allow: 'allowed', deny: 'denied', undefined: 'undefined', unknown: 'unknown' };

function verdictWord({ allowed, ambiguous, unknown = NO_TRAFFIC }: Verdict, protocol: Protocol, port: number): Explanation['verdict'] {
  if (hasTraffic(allowed, protocol, port)) return 'allow';
  if (hasTraffic(unknown, protocol, port)) return 'unknown';
  return hasTraffic(ambiguous, protocol, port) ? 'undefined' : 'deny';
}

/** What happens to one connection: egress of the source, then ingress of the destination. For those who need no verdict and no notes. */
export function stepsOnBothSides(evaluation: Evaluation, connection: Connection, family?: Family): readonly Step[] {
  return PATH_ORDER.flatMap((direction) => stepsIn(evaluation, connection, direction, family));
}

/** What happens to one connection in one direction, stage by stage. `family` matters for pods with addresses of both. */
export function stepsIn(
  evaluation: Evaluation,
  { from, to, protocol, port }: Connection,
  direction: Direction,
  family?: Family,
): readonly Step[] {
  const traffic = trafficOf(protocol, portsIn([{ from: port, to: port }]));
  const [own, peer] = direction === 'egress' ? [from, to] : [to, from];
  const [pod, other] = [endpointIndex(evaluation, own), endpointIndex(evaluation, peer)];
  const question: Question = {
    direction,
    own: endpointNameIn(evaluation, own),
    peer: endpointNameIn(evaluation, peer),
    protocol,
    port,
    outside: pod >= evaluation.space.classes.length,
  };
  return stepsOf(
    evaluation,
    question,
    pod,
    elementOfFamily(evaluation.space, other, family ?? familiesBetween(evaluation.space, pod, other)?.[0] ?? 4),
    traffic,
  );
}

/** The name of an endpoint by itself: `shop/web[Deployment]`, or the address. */
export function endpointName(end: Endpoint): string {
  return end.kind === 'workload' ? workloadName(end.workload) : formatIp(end.ip.family, end.ip.value);
}

function stepsOf({ space, podPolicies }: Evaluation, question: Question, pod: number, other: number, traffic: Traffic): Step[] {
  const { direction } = question;
  const decisions: Decision<Located<Policy>>[] = [];
  const own = podPolicies[direction][pod];
  const outcome = own && outcomeFor(space, own, other, traffic, (decision) => decisions.push(decision));
  const outside = other >= space.classes.length && !space.classOfElement.has(other);
  const unknown = outcome?.unknown ? unevaluatedSteps(own?.unevaluated ?? [], question, outside) : [];
  const steps = decisions.map((decision): Step => {
    const { item, rule, action, tied, uncertain } = decision;
    const path = rule?.path ?? item.value[direction]?.path ?? item.value.subject.path;
    const stage = stageOf(item.value, space.objects.plane);
    return {
      side: direction,
      stage,
      tier: stage.title,
      at: { key: item.key, policy: item.value, path },
      policy: policyName(item.value),
      kind: item.value.kind,
      ...(rule ? { rule: formatPath(rule.path) } : {}),
      action,
      tied: tied !== undefined && !isNoTraffic(tied),
      ...(uncertain ? { uncertain } : {}),
      // Most who ask for steps only want to know which policies they are of, so words are made when they are read.
      get why() {
        return reason(space, question, decision, other);
      },
      get whyShort() {
        return reason(space, question, decision, other, 'It');
      },
    };
  });
  const all = decisions.some(isFinal) ? steps : [...steps, byDefault(question, unknown.length > 0)];
  return unknown.reduce(inPlace, all);
}

interface UnknownStep {
  readonly standing: Standing;
  readonly step: Step;
}

function unevaluatedSteps(policies: readonly Located<UnevaluatedPolicy>[], { direction, own }: Question, outside: boolean): UnknownStep[] {
  return policies
    .filter(({ value }) => outside || !value.outsideOnly)
    .map(({ key, value }) => {
      const why =
        value.missingTier === undefined
          ? `${value.api} policies are not evaluated, so`
          : `The workspace has no Tier ${quote(value.missingTier)}, so it is not known when the policy is evaluated:`;
      const effect = `may select ${own}. ${why} it may ${value.standing === 'restricts' ? 'deny what others allow' : 'allow this or deny it'}.`;
      const step: Step = {
        side: direction,
        tier: value.api,
        unevaluated: key,
        policy: value.namespace === undefined ? value.name : `${value.namespace}/${value.name}`,
        kind: value.kind,
        action: 'Unknown',
        tied: false,
        why: `${describeUnevaluated(value)} ${effect}`,
        whyShort: `It ${effect}`,
      };
      return { standing: value.standing, step };
    });
}

/** Puts the step of a policy that is not evaluated where the policy would be asked. */
function inPlace(steps: readonly Step[], { standing, step }: UnknownStep): Step[] {
  const isBehind = ({ stage, tier }: Step): boolean => {
    if (standing === 'before-admin') return true;
    if (standing === 'restricts') return false;
    if (stage === undefined) return tier === DEFAULT;
    return stage.isolation === 'after' || (standing === 'beside-network-policy' && stage.isolation === 'isolates');
  };
  const at = steps.findIndex(isBehind);
  return at === -1 ? [...steps, step] : [...steps.slice(0, at), step, ...steps.slice(at)];
}

const DEFAULT = 'Default';

function isFinal({ action, tied, uncertain }: Decision<unknown>): boolean {
  if (uncertain) return false;
  return (
    action === 'Allow' ||
    action === 'Isolated' ||
    action === 'DefaultAction' ||
    ((action === 'Accept' || action === 'Deny') && tied === undefined)
  );
}

function byDefault({ direction, own, outside }: Question, isUnknown: boolean): Step {
  const why = outside
    ? `${own} is outside the cluster, where no policy applies.`
    : `No ${isUnknown ? 'other ' : ''}policy decides about ${direction} of ${own}, so the default applies: allowed.`;
  return { side: direction, tier: DEFAULT, action: 'Allow', tied: false, why, whyShort: why };
}
