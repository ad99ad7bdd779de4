import { plain } from '../../base/english.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { stageOf, stagesOf, type Stage } from '../../eval/stages.ts';
import { describeRule } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import type { UnevaluatedPolicy } from '../../model/unevaluated/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { type Part, type Report, reportLink, reportText } from './report.ts';

/** Every rule that binds a workload, in the order in which the cluster asks, each with a link to where it stands. */
export function effectivePolicyReport(evaluation: Evaluation, workload: Workload): Report {
  const name = workloadName(workload);
  const parts: Part[] = [
    `# Effective policy of ${reportText(name)}\n\nEvery rule that applies to it, in the order of evaluation. The first rule that matches decides.\n`,
  ];
  if (workload.hostNetwork)
    parts.push(
      `\nIts pods use the host network: ClusterNetworkPolicies never apply to them, and whether NetworkPolicies do depends on the network plugin.\n`,
    );
  for (const direction of DIRECTIONS) parts.push(...sectionOf(evaluation, workload, direction));
  return { title: `Effective policy of ${plain(name)}`, parts };
}

const HEADS = { ingress: 'Ingress: who can connect to it', egress: 'Egress: where it can connect to' } as const;

function sectionOf(evaluation: Evaluation, workload: Workload, direction: Direction): Part[] {
  const element = endpointIndex(evaluation, { kind: 'workload', workload });
  const policies = evaluation.podPolicies[direction][element]?.policies ?? [];
  const parts: Part[] = [`\n## ${HEADS[direction]}\n`];
  const isIsolated = policies.some(({ value }) => effectivePolicy(value)[direction]?.isolates === true);
  const { plane } = evaluation.space.objects;
  for (const stage of stagesOf(plane)) {
    const here = policies.filter(({ value }) => stageOf(value, plane) === stage).toSorted(byPriority);
    parts.push(...stageParts(stage, here, direction, isIsolated));
  }
  parts.push(...unevaluatedParts(evaluation.podPolicies[direction][element]?.unevaluated ?? []));
  parts.push(
    isIsolated
      ? '\n**Default**: not reached; the NetworkPolicies above decide all remaining traffic.\n'
      : '\n**Default**: all traffic that no policy above decides is allowed.\n',
  );
  return parts;
}

/** Policies that may bind it as well: what they say is not read, and they may decide before some of the others. */
function unevaluatedParts(policies: readonly Located<UnevaluatedPolicy>[]): Part[] {
  if (policies.length === 0) return [];
  const lines = policies.flatMap(({ key, value }): Part[] => [
    '- ',
    reportLink(reportText(describeUnevaluated(value)), key, ['metadata', 'name']),
    '\n',
  ]);
  return ['\n**Not evaluated**: these may select it, and may decide otherwise.\n\n', ...lines];
}

/** The lower number first, policies without one last. NetworkPolicies have no priority and keep their order. */
function byPriority(a: Located<Policy>, b: Located<Policy>): number {
  return (a.value.priority ?? LAST) - (b.value.priority ?? LAST);
}

const LAST = Number.MAX_SAFE_INTEGER;

function stageParts(stage: Stage, policies: readonly Located<Policy>[], direction: Direction, isIsolated: boolean): Part[] {
  const title = stage.isolation === 'isolates' ? stage.title : stage.name;
  if (policies.length === 0) return [`\n**${title}**: nothing.\n`];
  return [
    `\n**${title}**:${noteOn(stage, direction, isIsolated)}\n\n`,
    ...policies.flatMap(({ key, value }) => policyParts(key, value, direction)),
  ];
}

/** Once a NetworkPolicy isolates a pod in a direction, the Baseline tier is not asked there (network-policy-api, field `tier`). */
function noteOn({ isolation, unmatched }: Stage, direction: Direction, isIsolated: boolean): string {
  if (unmatched === 'deny-if-applied') return ' the first rule that matches decides, and everything that none matches is denied.';
  if (isolation === 'isolates' && !isIsolated) return ' nothing is isolated, so what no rule matches is allowed.';
  if (isolation === 'isolates') return ' isolated: everything is denied, except what any of these policies allows.';
  const isPast = isolation === 'after' && isIsolated;
  return isPast ? ` not reached; the NetworkPolicies above isolate the workload for ${direction}, so these rules are never evaluated.` : '';
}

function policyParts(key: string, policy: Policy, direction: Direction): Part[] {
  const section = policy[direction];
  const rank = policy.priority === undefined ? '' : `priority ${policy.priority}, `;
  const rules = section?.rules ?? [];
  const head: Part[] = [
    `- ${rank}`,
    reportLink(reportText(policyName(policy)), key, section?.path ?? policy.subject.path),
    rules.length === 0 ? ': no rule\n' : '\n',
  ];
  return [
    ...head,
    ...rules.flatMap((rule): Part[] => ['  - ', reportLink(reportText(describeRule(rule, direction, policy)), key, rule.path), '\n']),
  ];
}
