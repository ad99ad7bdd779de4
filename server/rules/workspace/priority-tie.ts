import type { Evaluation } from '../../eval/evaluate.ts';
import { stepsIn } from '../../eval/explain.ts';
import { meetBoxes } from '../../eval/label-space.ts';
import { isAfterIsolation, stageOf } from '../../eval/stages.ts';
import type { EndpointExample } from '../../eval/endpoint-example.ts';
import { casesInCommon, rulesDisjoint, type Case } from '../../eval/subsume.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { samePath } from '../../syntax/path.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { firstMatching } from '../../analysis/precedence/first-match.ts';
import { connectionWords, ruleName, type LocatedRule } from '../../analysis/connection-words.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { pairWords, withUsualPort } from '../../analysis/witness/instance.ts';
import { isolatingPolicies } from '../../analysis/precedence/isolation.ts';
import { commonPod, groupsBefore, hasKnownOrder, priorityGroupsOf, subjectBox, tiedWith } from '../../analysis/precedence/tier-order.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { possibleConnection, selectsExample, type PossibleConnection } from '../../analysis/precedence/possible-connection.ts';
import { isSettledBefore } from '../../analysis/redundancy/shadows.ts';
import { pairsMatching } from '../../analysis/witness/pairs.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'priority-tie',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Two policies of the same tier and priority with different actions for the same connection.',
  why: 'The API does not define which of them is evaluated first. The order may differ between implementations and over time. Equal priorities are harmless as long as the policies do not match the same traffic.',
  companions: ['shadowed-by-policy'],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || !policy.value.traits.ordered || !hasKnownOrder(policy.value)) return;
    const clashes = tiedWith(context.cluster, policy.value).flatMap((other) => {
      const clash = hasKnownOrder(other.value) ? clashOf(context, policy, other) : undefined;
      return clash ? [{ other, ...clash }] : [];
    });
    const [first, ...more] = clashes;
    // Once for all that disagree, at the first of them.
    if (!first || clashes.some(({ other }) => other.key < policy.key)) return;
    const { other, own, theirs, words } = first;
    const message = `Policies ${policy.value.name} and ${other.value.name} share priority ${policy.value.priority ?? 'of the last step'}, and the API does not define their order. For ${words}, the action of ${ruleName(own)} is ${own.rule.action}, that of ${ruleName(theirs)} is ${theirs.rule.action}. Change one of the priorities.`;
    yield onValue(context, ['spec', 'priority'], message, {
      related: [
        { path: own.rule.path, message: `${own.rule.action} in this policy.` },
        { key: other.key, path: theirs.rule.path, message: `${theirs.rule.action} in the other policy.` },
        { key: other.key, path: ['spec', 'priority'], message: 'The same priority.' },
        ...more.slice(0, 3).map((one) => ({
          key: one.other.key,
          path: ['spec', 'priority'],
          message: `${one.other.value.name} has the same priority, and a different action for ${one.words}.`,
        })),
      ],
      fixes: otherPriority(policy.value, context),
    });
  },
};

interface Clash {
  readonly own: LocatedRule;
  readonly theirs: LocatedRule;
  readonly words: string;
}

/** A connection for which the first rules that match in each policy have different actions, unless something before them settles it. */
function clashOf(context: WorkspaceContext, a: Located<Policy>, b: Located<Policy>): Clash | undefined {
  const pod = commonPod(a.value, b.value);
  if (!pod) return undefined;
  for (const direction of DIRECTIONS) {
    if (isIsolated(context.cluster, a.value, direction) || isIsolated(context.cluster, b.value, direction)) continue;
    const [ours, others] = [rulesOf(a.value, direction), rulesOf(b.value, direction)];
    for (const own of ours) {
      for (const theirs of others) {
        if (own.action === theirs.action) continue;
        const answer = rulesDisjoint(own, theirs, direction);
        if (answer.kind !== 'no') continue;
        const rules = { own: { policy: a, rule: own }, theirs: { policy: b, rule: theirs } };
        if (isSettled(context.cluster, rules, direction)) continue;
        const isMeant = (one: Case): boolean => isFirst(ours, own, one) && isFirst(others, theirs, one);
        const words = realClash(context.evaluation(), rules, direction) ?? possibleClash(context.cluster, rules, direction, pod, isMeant);
        if (words !== undefined) return { ...rules, words };
      }
    }
  }
  return undefined;
}

/** NetworkPolicies that isolate all pods of a Baseline policy decide alone. */
function isIsolated(cluster: Cluster, policy: Policy, direction: Direction): boolean {
  return isAfterIsolation(policy) && isolatingPolicies(cluster, policy, direction).length > 0;
}

/** Is one of two rules not reached for any pod that both are about? */
function isSettled(cluster: Cluster, { own, theirs }: Omit<Clash, 'words'>, direction: Direction): boolean {
  const [one, other] = [subjectBox(own.policy.value), subjectBox(theirs.policy.value)];
  if (!one || !other) return false;
  const common = meetBoxes(one, other);
  return isSettledBefore(cluster, own, common, direction) || isSettledBefore(cluster, theirs, common, direction);
}

/** A connection of the cluster that the two rules settle, one or the other; the first few are tried. */
function realClash(evaluation: Evaluation, { own, theirs }: Omit<Clash, 'words'>, direction: Direction): string | undefined {
  let left = MAX_CONNECTIONS;
  for (const pair of pairsMatching(evaluation, own.policy.value, own.rule, direction)) {
    if (left-- === 0) break;
    const steps = stepsIn(evaluation, pair, direction);
    const isTied = ({ policy, rule }: LocatedRule): boolean =>
      steps.some(({ at, tied }) => tied && at?.key === policy.key && samePath(at.path, rule.path));
    if (isTied(own) && isTied(theirs)) return pairWords(pair);
  }
  return undefined;
}

/** A connection that could be in this cluster, that both rules decide and nothing before them, in words. */
function possibleClash(
  cluster: Cluster,
  { own, theirs }: Omit<Clash, 'words'>,
  direction: Direction,
  pod: EndpointExample['pod'],
  isMeant: (one: Case) => boolean,
): string | undefined {
  if (!pod) return undefined;
  const { value } = own.policy;
  const earlier = [...(isAfterIsolation(value) ? priorityGroupsOf(cluster, 'before') : []), ...groupsBefore(cluster, value)].flat();
  const holds = ({ own: end, connection }: PossibleConnection): boolean =>
    isMeant(connection) &&
    [own, theirs].every(({ policy }) => selectsExample(policy.value, end)) &&
    !earlier.some((one) => selectsExample(one.value, end) && firstMatching(rulesOf(one.value, direction), connection) !== undefined);
  let left = MAX_CONNECTIONS;
  for (const common of casesInCommon(own.rule, theirs.rule, direction)) {
    if (left-- === 0) break;
    const usual = withUsualPort(common, isMeant);
    const found = possibleConnection(cluster, { own: { pod }, connection: usual }, holds);
    if (found) return connectionWords(direction, found.own, found.connection);
  }
  return undefined;
}

/** Connections that are looked at, at most. */
const MAX_CONNECTIONS = 20;

function isFirst(rules: ReturnType<typeof rulesOf>, rule: ReturnType<typeof rulesOf>[number], witness: Case): boolean {
  return firstMatching(rules, witness) === rule;
}

function rulesOf(policy: Policy, direction: Direction): NonNullable<Policy['ingress']>['rules'] {
  return policy[direction]?.rules.filter(({ path }) => isReadable(policy, path)) ?? [];
}

/** The next free priorities: later ones first, as they change nothing for the earlier policies. */
function otherPriority(policy: Policy, { at, cluster }: WorkspaceContext): readonly Fix[] {
  const { priority } = policy;
  const node = at(['spec', 'priority']);
  if (priority === undefined || node?.kind !== 'scalar') return [];
  const taken = takenIn(cluster, policy);
  const free = (step: 1 | -1): number | undefined => {
    for (let next = priority + step; next >= 0 && next <= 1000; next += step) if (!taken.has(next)) return next;
    return undefined;
  };
  const fix = (to: number | undefined, word: string): readonly Fix[] =>
    to === undefined
      ? []
      : [
          {
            title: `Change to ${to}, the next free priority (evaluated ${word})`,
            edits: [{ ...node.span, text: String(to) }],
            safe: false,
          },
        ];
  return [...fix(free(1), 'later'), ...fix(free(-1), 'earlier')];
}

function takenIn(cluster: Cluster, policy: Policy): ReadonlySet<number> {
  return new Set(priorityGroupsOf(cluster, stageOf(policy).isolation).flatMap(([first]) => first?.value.priority ?? []));
}

export default rule;
