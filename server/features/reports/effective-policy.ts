import { plain } from '../../base/english.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { stageOf, stagesOf, type Plane, type Stage } from '../../eval/stages.ts';
import { describeRule } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import type { UnevaluatedPolicy } from '../../model/unevaluated/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { samePath } from '../../syntax/path.ts';
import type { Located } from '../../workspace/cluster.ts';
import { heading, paragraph, reportLink, titled, type Block, type Inline, type ReportItem, type Report } from './report.ts';

/** Every rule that binds a workload, in the order in which the cluster asks, each with a link to where it stands. */
export function effectivePolicyReport(evaluation: Evaluation, workload: Workload): Report {
  const name = workloadName(workload);
  return {
    title: `Effective policy of ${plain(name)}`,
    blocks: [
      titled(`Effective policy of ${name}`),
      paragraph(`Every rule that applies to it, in the order of evaluation. ${orderText(evaluation.space.objects.plane)}`),
      ...(workload.hostNetwork
        ? [
            paragraph(
              'Its pods use the host network: ClusterNetworkPolicies never apply to them, and whether NetworkPolicies do depends on the network plugin.',
            ),
          ]
        : []),
      ...DIRECTIONS.flatMap((direction) => sectionOf(evaluation, workload, direction)),
    ],
  };
}

/** What decides where several rules match. */
function orderText({ stages }: Plane): string {
  const denying = stages.find(({ combine }) => combine === 'deny-overrides');
  return denying
    ? `In the ${denying.name}, a deny takes precedence over every allow; in other stages, the first rule that matches decides.`
    : 'The first rule that matches decides.';
}

const HEADS = { ingress: 'Ingress: who can connect to it', egress: 'Egress: where it can connect to' } as const;

function sectionOf(evaluation: Evaluation, workload: Workload, direction: Direction): Block[] {
  const element = endpointIndex(evaluation, { kind: 'workload', workload });
  const policies = evaluation.podPolicies[direction][element]?.policies ?? [];
  const blocks: Block[] = [heading(HEADS[direction])];
  const isIsolated = policies.some(({ value }) => effectivePolicy(value)[direction]?.isolates === true);
  const { plane } = evaluation.space.objects;
  const lists = evaluation.podPolicies[direction][element]?.lists ?? [];
  // Of a manifest with several rules for different pods, only those that are about the workload.
  const rulesAbout = ({ key, value }: Located<Policy>): readonly Rule[] => {
    const about = lists.flatMap(({ placed, rules }) => (placed.key === key ? rules.map(({ rule }) => rule) : []));
    return (value[direction]?.rules ?? []).filter(
      (rule) => value.parts === undefined || about.some(({ path }) => samePath(path, rule.path)),
    );
  };
  for (const stage of stagesOf(plane)) {
    const here = policies.filter(({ value }) => stageOf(value, plane) === stage).toSorted(byPriority);
    blocks.push(...stageBlocks(stage, here, direction, isIsolated, rulesAbout));
  }
  blocks.push(...unevaluatedBlocks(evaluation.podPolicies[direction][element]?.unevaluated ?? []));
  const rest = isIsolated
    ? `: not reached; the ${plane.api === 'kubernetes' ? 'NetworkPolicies' : 'policies'} above decide all remaining traffic.`
    : ': all traffic that no policy above decides is allowed.';
  blocks.push(paragraph({ strong: 'Default' }, rest));
  return blocks;
}

/** Policies that may bind it as well: what they say is not read, and they may decide before some of the others. */
function unevaluatedBlocks(policies: readonly Located<UnevaluatedPolicy>[]): Block[] {
  if (policies.length === 0) return [];
  const items = policies.map(({ key, value }): ReportItem => ({
    content: [reportLink(describeUnevaluated(value), key, ['metadata', 'name'])],
  }));
  return [paragraph({ strong: 'Not evaluated' }, ': these may select it, and may decide otherwise.'), { kind: 'list', items }];
}

/** The lower number first, policies without one last. NetworkPolicies have no priority and keep their order. */
function byPriority(a: Located<Policy>, b: Located<Policy>): number {
  return (a.value.priority ?? LAST) - (b.value.priority ?? LAST);
}

const LAST = Number.MAX_SAFE_INTEGER;

function stageBlocks(
  stage: Stage,
  policies: readonly Located<Policy>[],
  direction: Direction,
  isIsolated: boolean,
  rulesAbout: (placed: Located<Policy>) => readonly Rule[],
): Block[] {
  const title = { strong: stage.isolation === 'isolates' ? stage.title : stage.name };
  if (policies.length === 0) return [paragraph(title, ': nothing.')];
  return [
    paragraph(title, `:${noteOn(stage, direction, isIsolated)}`),
    { kind: 'list', items: policies.map((placed) => policyItem(placed, direction, rulesAbout(placed))) },
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

function policyItem({ key, value: policy }: Located<Policy>, direction: Direction, rules: readonly Rule[]): ReportItem {
  const section = policy[direction];
  const rank: Inline = policy.priority === undefined ? [] : [`priority ${policy.priority}, `];
  const link = reportLink(policyName(policy), key, section?.path ?? policy.subject.path);
  return {
    content: [...rank, link, ...(rules.length === 0 ? [': no rule'] : [])],
    items: rules.map((rule): ReportItem => ({ content: [reportLink(describeRule(rule, direction, policy), key, rule.path)] })),
  };
}
