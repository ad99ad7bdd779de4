import { PATH_ORDER, DIRECTIONS, type Action, type Direction, type Policy } from '../model/policy.ts';
import { list } from '../base/english.ts';
import { formatIp } from '../base/ip.ts';
import { entryOf, POLICY_KINDS } from '../model/kinds.ts';
import type { Protocol } from '../base/ports.ts';
import type { ManifestValue, PeerRequest } from '../model/rule-request.ts';
import { selectableLabels } from '../model/selectable-labels.ts';
import type { Path } from '../syntax/path.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import { bitMembers } from './bits.ts';
import type { Connection } from './connection.ts';
import { subjectBits } from './endpoint-bits.ts';
import { evaluationOf, type Endpoint } from './evaluate.ts';
import { endpointName, explain, podAt, type Explanation, type Step } from './explain.ts';
import { policyName } from './names.ts';
import { isTie } from './stage-order.ts';

/** A change that gives the other verdict. All its edits are needed. */
export interface Remediation {
  /** Says what is done, and what else it does. */
  readonly title: string;
  readonly edits: readonly PolicyEdit[];
}

/** A change of a manifest. A value is plain data, to be written as YAML. */
export type PolicyEdit =
  /** Puts an item into a list, which may not be there yet, so that it gets the index that ends the path. */
  | { readonly kind: 'insert'; readonly key: ManifestKey; readonly path: Path; readonly value: ManifestValue }
  /** Gives a field a value, whether it has one or not. */
  | { readonly kind: 'set'; readonly key: ManifestKey; readonly path: Path; readonly value: ManifestValue }
  | { readonly kind: 'remove'; readonly key: ManifestKey; readonly path: Path }
  /** A new manifest; for where no policy is in the way. */
  | { readonly kind: 'create'; readonly value: ManifestValue };

export type { ManifestValue };

/** The smallest edits that would give the other verdict, at most three, the least intrusive first. Any one of them does; none is applied. */
export function remediations(cluster: Cluster, connection: Connection): Remediation[] {
  const { protocol, port } = connection;
  const [from, to] = [podAt(cluster, connection.from), podAt(cluster, connection.to)];
  const answer = explain(cluster, { from, to, protocol, port });
  const { space } = evaluationOf(cluster);
  const selected = (policy: Policy): number =>
    bitMembers(subjectBits(space, policy)).reduce((sum, id) => sum + (space.classes[id]?.members.length ?? 0), 0);
  const goal = { protocol, port, answer, selected, egress: { own: from, peer: to }, ingress: { own: to, peer: from } };
  // No edit of the policies that are evaluated makes sure of an answer that others may decide.
  if (answer.verdict === 'unknown') return [];
  return answer.verdict === 'allow' ? denyFixes(goal) : allowFixes(goal);
}

/** The required verdict, and the endpoints as each direction sees them. */
interface RemediationGoal extends Readonly<Record<Direction, GoalEndpoints>> {
  readonly protocol: Protocol;
  readonly port: number;
  readonly answer: Explanation;
  /** How many workloads a policy selects: a rule in one that selects more reaches further. */
  readonly selected: (policy: Policy) => number;
}

interface GoalEndpoints {
  readonly own: Endpoint;
  readonly peer: Endpoint;
}

/** To allow a connection, each direction that denies it has to be changed. */
function allowFixes(goal: RemediationGoal): Remediation[] {
  const half = PATH_ORDER.map((direction) => allowDirection(goal, direction));
  if (half.some((ways) => ways?.length === 0)) return [];
  const [egress = [NOTHING], ingress = [NOTHING]] = half;
  const both = egress.flatMap((one) => ingress.map((other) => joined(one, other)));
  return both.filter(({ edits }) => edits.length > 0).slice(0, MAX_REMEDIATIONS);
}

const NOTHING: Remediation = { title: '', edits: [] };
const MAX_REMEDIATIONS = 3;

function joined(one: Remediation, other: Remediation): Remediation {
  const titles = [one.title, other.title].filter((title) => title !== '');
  return {
    title: titles.join('; and ').replace(/; and ([A-Z])/, (_, letter: string) => `; and ${letter.toLowerCase()}`),
    edits: [...one.edits, ...other.edits],
  };
}

/** Edits that allow one direction; `undefined` where it is allowed already, none where no edit of a rule can do it. */
function allowDirection(goal: RemediationGoal, direction: Direction): Remediation[] | undefined {
  const steps = goal.answer.steps.filter((step) => step.side === direction);
  const closed = steps.filter((step) => step.action === 'Isolated');
  if (closed.length > 0) return leastIntrusiveFirst(goal, closed).flatMap((step) => openIsolated(goal, direction, step));
  const denying = steps.find((step) => step.action === 'Deny' || step.tied);
  return denying && insertion(goal, direction, rulesAtSamePriority(steps, denying), 'Accept');
}

/** A policy of its own workload before one for many, and one that has rules before a default deny, which is meant to have none. */
function leastIntrusiveFirst({ selected }: RemediationGoal, closed: readonly Step[]): readonly Step[] {
  const isBare = ({ at }: Step): number => Number(DIRECTIONS.every((one) => (at?.policy[one]?.rules.length ?? 0) === 0));
  const reach = ({ at }: Step): number => (at ? selected(at.policy) : 0);
  return closed.toSorted((a, b) => isBare(a) - isBare(b) || reach(a) - reach(b));
}

/** A NetworkPolicy gets a rule of its own for just this connection. */
function openIsolated(goal: RemediationGoal, direction: Direction, { at }: Step): Remediation[] {
  if (!at) return [];
  const index = at.policy[direction]?.rules.length ?? 0;
  const rule = ruleFor(goal, direction, at.policy, 'Accept');
  if (rule === undefined) return [];
  const title = `Allow ${connection(goal)} in ${policyName(at.policy)}${caution(goal[direction].peer)}`;
  return [{ title, edits: [{ kind: 'insert', key: at.key, path: [...at.policy.at[direction], index], value: rule }] }];
}

/** The rules that decide together with one: its own, and those of policies that are asked at the same time. */
function rulesAtSamePriority(steps: readonly Step[], { at }: Step): NonNullable<Step['at']>[] {
  const rules = steps.flatMap((step) => (step.at && step.rule !== undefined ? [step.at] : []));
  return at ? rules.filter(({ policy }) => policy === at.policy || isTie(policy, at.policy)) : [];
}

/** In a tier the first match decides, so the exception goes before the rules that decide now. */
function insertion(
  goal: RemediationGoal,
  direction: Direction,
  rules: readonly NonNullable<Step['at']>[],
  action: 'Accept' | 'Deny',
): Remediation[] {
  const edits: PolicyEdit[] = [];
  for (const { key, policy, path } of rules) {
    const decided = policy[direction]?.rules.find((rule) => rule.path === path)?.action;
    if (decided === action) continue;
    const value = ruleFor(goal, direction, policy, action);
    if (value === undefined) return [];
    edits.push({ kind: 'insert', key, path, value });
  }
  const where = list([...new Set(rules.map(({ policy }) => policyName(policy)))]);
  return [{ title: `${action} ${connection(goal)} in ${where}, before the rule that decides now${caution(goal[direction].peer)}`, edits }];
}

/** To deny a connection, one direction is enough. */
function denyFixes(goal: RemediationGoal): Remediation[] {
  const all = DIRECTIONS.flatMap((direction) => denyDirection(goal, direction));
  return all.toSorted((a, b) => intrusion(a) - intrusion(b)).slice(0, MAX_REMEDIATIONS);
}

/** A rule for just this connection changes nothing else; a rule that goes takes along what else it allows; isolation denies the rest too. */
function intrusion({ edits }: Remediation): number {
  if (edits.some(({ kind }) => kind === 'create')) return 2;
  return edits.some(({ kind }) => kind === 'remove') ? 1 : 0;
}

function denyDirection(goal: RemediationGoal, direction: Direction): Remediation[] {
  const steps = goal.answer.steps.filter((step) => step.side === direction);
  const allowing = steps.filter((step) => step.action === 'Allow' && step.rule !== undefined);
  if (allowing.length > 0) return [removal(direction, allowing)];
  const accepting = steps.find((step) => step.action === 'Accept');
  if (accepting) return insertion(goal, direction, rulesAtSamePriority(steps, accepting), 'Deny');
  const passing = steps.flatMap((step) => (step.at && step.action === 'Pass' ? [step.at.policy] : []));
  // Beside a Pass of the same priority, a Deny is one of two answers.
  const nearest = steps.findLast(({ at, action }) => at && action === 'NoMatch' && !passing.some((policy) => isTie(policy, at.policy)));
  return [...(nearest?.at ? appended(goal, direction, nearest.at) : []), ...isolation(goal, direction)];
}

/** Every rule that allows it has to go; they may allow more than this connection. */
function removal(direction: Direction, steps: readonly Step[]): Remediation {
  const rules = steps.flatMap(({ at }) => at ?? []);
  // From the last one, so that the paths of the others stay what they are.
  const edits = rules.map(({ key, path }): PolicyEdit => ({ kind: 'remove', key, path })).reverse();
  const emptied = rules.filter(({ policy }) => policy[direction]?.rules.every(({ path }) => rules.some((rule) => rule.path === path)));
  // Without policyTypes, a policy with no egress rule left would no longer be about egress.
  const types = direction === 'egress' ? new Map(emptied.map(({ key, policy }) => [key, policy])) : [];
  const kept = [...types].map(
    ([
      key,
      {
        ingress,
        at: { body },
      },
    ]): PolicyEdit => ({
      kind: 'set',
      key,
      path: [...body, 'policyTypes'],
      value: [...(ingress ? ['Ingress'] : []), 'Egress'],
    }),
  );
  const names = list(steps.map((step) => `${step.rule} of ${step.policy}`));
  return { title: `Remove ${names}, with everything else ${rules.length === 1 ? 'it allows' : 'they allow'}`, edits: [...edits, ...kept] };
}

/** A policy of a tier that is asked anyway gets one more rule. */
function appended(goal: RemediationGoal, direction: Direction, at: NonNullable<Step['at']>): Remediation[] {
  const value = ruleFor(goal, direction, at.policy, 'Deny');
  if (value === undefined) return [];
  const path = [...at.policy.at[direction], at.policy[direction]?.rules.length ?? 0];
  return [
    {
      title: `Deny ${connection(goal)} in ${policyName(at.policy)}${caution(goal[direction].peer)}`,
      edits: [{ kind: 'insert', key: at.key, path, value }],
    },
  ];
}

/** Where no rule decides, only a policy that isolates the pod denies it. */
function isolation(goal: RemediationGoal, direction: Direction): Remediation[] {
  const { own } = goal[direction];
  if (own.kind !== 'workload') return [];
  const { namespace, name } = own.workload;
  const labels = selectableLabels(own.workload);
  const [value] = POLICY_KINDS.flatMap(({ write }) => write.isolation?.(`${name}-deny-${direction}`, namespace, labels, direction) ?? []);
  if (value === undefined) return [];
  const everything = direction === 'ingress' ? 'all other ingress too' : 'all other egress too, DNS included';
  return [
    {
      title: `Add a NetworkPolicy that isolates ${endpointName(own)} for ${direction} (denies ${everything})`,
      edits: [{ kind: 'create', value }],
    },
  ];
}

function connection({ answer, protocol, port }: RemediationGoal): string {
  return `${answer.from} -> ${answer.to} ${protocol} ${port}`;
}

/** A peer without labels can only be named with its whole namespace. */
function caution(peer: Endpoint): string {
  const bare = peer.kind === 'workload' && Object.keys(peer.workload.labels).length === 0;
  return bare ? ` (for every pod in namespace ${peer.workload.namespace}, as the pod has no label to select by)` : '';
}

/** The rule of a policy for just this connection, in the fields of its API; `undefined` where it cannot name the other endpoint. */
function ruleFor(goal: RemediationGoal, direction: Direction, policy: Policy, action: Action): ManifestValue | undefined {
  const { own, peer } = goal[direction];
  const isOnHost = (end: Endpoint): boolean => end.kind === 'workload' && end.workload.hostNetwork;
  if (!policy.traits.hostNetwork && (isOnHost(own) || isOnHost(peer))) return undefined;
  const peers: readonly PeerRequest[] = [
    peer.kind === 'address'
      ? { kind: 'address', cidr: cidrOf(peer.ip) }
      : { kind: 'pods', namespace: peer.workload.namespace, labels: selectableLabels(peer.workload) },
  ];
  const request = { direction, action, peers, ports: [{ protocol: goal.protocol, port: goal.port }] };
  return entryOf(policy).write.rule(request, policy.namespace);
}

function cidrOf({ family, value }: { readonly family: 4 | 6; readonly value: bigint }): string {
  return `${formatIp(family, value)}/${family === 4 ? 32 : 128}`;
}
