import { list, thousands } from '../../base/english.ts';
import { code } from '../../base/markdown.ts';
import { stageOf, stagesOf, type Plane, type Stage } from '../../eval/stages.ts';
import { isTie, stageGroups } from '../../eval/stage-order.ts';
import type { RuleAction, Policy } from '../../model/policy.ts';
import { formatPath, isBelow, samePath } from '../../syntax/path.ts';
import { keyOf } from '../../workspace/locate.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import { planeAt } from '../text/plane.ts';
import { directionOf, policiesIn, ruleAt } from '../text/policies.ts';
import type { Fact, Pointed } from './fact.ts';

/** Where the policy stands among those of the file, and what comes before and after it; on `kind` and the fields that decide it. */
export const precedenceFact: Fact = (pointed) => {
  const { path, policy } = pointed;
  if (formatPath(path) !== 'kind' && !policy.at.order.some((place) => samePath(place, path))) return undefined;
  const { own, policies, where } = surroundings(pointed);
  const plane = planeAt(pointed.context);
  const stages = stagesOf(plane);
  const steps = stages.map((stage, i) => `${i + 1}. ${stageText(stage, policies, own, plane)}`);
  return [
    `Order of evaluation in this ${where}:`,
    ...steps,
    `${stages.length + 1}. Default: allowed`,
    ...tieText(policies, own, plane),
  ].join('\n');
};

/** The policies to compare with: those of the workspace, or of the file alone where it is not a member. */
function surroundings({ context, place, policy }: Pointed): {
  readonly own: Policy;
  readonly policies: readonly Policy[];
  readonly where: 'workspace' | 'file';
} {
  const key = keyOf(context.snapshot, context.uri, place.placed);
  const all = clusterFor(context.snapshot, context.uri).policies;
  const own = key === undefined ? undefined : all.find((placed) => placed.key === key)?.value;
  if (own) return { own, policies: all.map(({ value }) => value), where: 'workspace' };
  return { own: policy, policies: policiesIn(context.file).map((read) => read.policy), where: 'file' };
}

/** "Admin tier: `a` (10), **`this-one` (20)**". */
function stageText(stage: Stage, policies: readonly Policy[], own: Policy, plane: Plane): string {
  const { name } = stage;
  const all = groupsIn(stage, policies, plane).flat();
  if (all.length === 0) return `${name}: none`;
  const isOwn = stageOf(own, plane) === stage;
  const title = isOwn ? `**${name}**` : name;
  if (stage.ties === 'irrelevant')
    return `${title}: ${thousands(all.length)}${isOwn ? ', **this one** among them' : ''}; additive, in no order`;
  const at = all.indexOf(own);
  const from = Math.max(0, Math.min(at - 2, all.length - MAX_LISTED_POLICIES));
  const shown = all.slice(from, from + MAX_LISTED_POLICIES).map((policy) => nameText(policy, policy === own));
  const rest = all.length - from - shown.length;
  return `${title}: ${from > 0 ? `${from} before, ` : ''}${shown.join(', ')}${rest > 0 ? `, ${rest} after` : ''}`;
}

/** The policies of a stage in the order of evaluation. */
function groupsIn(stage: Stage, policies: readonly Policy[], plane: Plane): readonly (readonly Policy[])[] {
  const [found] = stageGroups(
    policies.filter((policy) => stageOf(policy, plane) === stage),
    (policy) => policy,
    plane,
  );
  return found?.groups ?? [];
}

const MAX_LISTED_POLICIES = 5;

function nameText(policy: Policy, isOwn: boolean): string {
  const text = `${code(policy.name === '' ? 'unnamed' : policy.name)}${policy.priority === undefined ? '' : ` (${policy.priority})`}`;
  return isOwn ? `**${text} this one**` : text;
}

/** Two policies of one tier and priority: upstream leaves open which one decides (v1alpha2 types, field `priority`). */
function tieText(policies: readonly Policy[], own: Policy, plane: Plane): readonly string[] {
  const tied = policies.filter((policy) => policy !== own && own.priority !== undefined && isTie(policy, own, plane));
  if (tied.length === 0) return [];
  return [
    '',
    `**Undefined:** ${list(
      tied.map((policy) => code(policy.name)),
      'and',
      3,
    )} ${tied.length === 1 ? 'has' : 'have'} the same priority. Where both match, the API does not define which one decides.`,
  ];
}

/** What a rule's action does next, from where the rule stands. */
export const actionFact: Fact = (pointed) => {
  const { path, policy } = pointed;
  const rule = ruleAt(policy, path);
  const direction = directionOf(policy, path);
  if (!rule || !direction || !rule.at.action || !isBelow(path, rule.at.action)) return undefined;
  const before = policy[direction]?.rules.indexOf(rule) ?? 0;
  const turn =
    before === 0
      ? 'This rule is the first of its policy to be evaluated.'
      : `Evaluated for connections that the ${before === 1 ? 'rule' : `${before} rules`} above ${before === 1 ? 'does' : 'do'} not match.`;
  return `${effectOf(rule.action, stageOf(policy, planeAt(pointed.context)), direction === 'ingress')} ${turn}${earlier(pointed)}`;
};

function effectOf(action: RuleAction, { effects }: Stage, isIngress: boolean): string {
  if (action === 'Log') return 'Logs the connection and decides nothing: the next rule is asked.';
  if (action === 'Pass') return effects.Pass;
  if (action === 'Deny') return `Dropped, ${effects.Deny}.`;
  return `Allowed ${isIngress ? 'in' : 'out'}, ${effects.Accept}. The policies of the ${isIngress ? 'source' : 'destination'} are evaluated separately.`;
}

/** Policies that are evaluated before this one and may decide first. */
function earlier(pointed: Pointed): string {
  const { own, policies } = surroundings(pointed);
  const plane = planeAt(pointed.context);
  const steps = groupsIn(stageOf(own, plane), policies, plane);
  const before = steps
    .slice(
      0,
      steps.findIndex((step) => step.includes(own)),
    )
    .flat();
  const [first] = before;
  if (first === undefined) return '';
  return before.length === 1
    ? ` Before this policy: ${code(first.name)}.`
    : ` Before this policy: ${thousands(before.length)} others of its tier, ${code(first.name)} first.`;
}
