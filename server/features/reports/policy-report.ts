import { count, plain } from '../../base/english.ts';
import { evaluationAlone } from '../../eval/alone.ts';
import { outsideOf } from '../../eval/connections.ts';
import { verdict, type Evaluation } from '../../eval/evaluate.ts';
import type { Verdict } from '../../eval/verdict.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { policyReach } from '../../eval/reach.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import { describeSubject } from '../../model/describe.ts';
import type { Policy } from '../../model/policy.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { addressWords, outsideEntries } from './outside.ts';
import { type Part, type Report, reportLink, reportText } from './report.ts';

/** How many lines a list has before it ends in a count. */
const MAX_LISTED_LINES = 200;

/** What a policy is about: the workloads it selects, and who may reach them, or be reached, when all policies are taken together. */
export function policyReport(evaluation: Evaluation, placed: Located<Policy>): Report {
  const { value: policy } = placed;
  const { selected, maybe } = policyReach(evaluation, placed);
  const name = policyName(policy);
  const parts: Part[] = [
    `# ${policy.kind} `,
    reportLink(reportText(name), placed.key, policy.subject.path),
    `\n\nIt selects ${reportText(describeSubject(policy))}: ${count(selected.length, 'workload')} in this workspace.\n\n`,
  ];
  parts.push(...capped(selected.map((workload): Part[] => ['- ', workloadLink(evaluation, workload), '\n'])));
  parts.push(...unevaluatedParts(evaluation, selected));
  if (policy.traits.isolates) parts.push(...ownParts(evaluation, placed));
  parts.push('\n## Who can connect to them, all policies together\n\n', ...reaching(evaluation, selected, 'in', maybe.in));
  parts.push('\n## Where they can connect to, all policies together\n\n', ...reaching(evaluation, selected, 'out', maybe.out));
  return { title: `${policy.kind} ${plain(name)}`, parts };
}

/** What the policy allows by itself, direction by direction. */
function ownParts({ cluster }: Evaluation, placed: Located<Policy>): Part[] {
  const alone = evaluationAlone(cluster, placed);
  const { selected, maybe } = policyReach(alone, placed);
  const { ingress, egress } = placed.value;
  return [
    ...(ingress ? ['\n## What this policy allows to them\n\n', ...reaching(alone, selected, 'in', maybe.in)] : []),
    ...(egress ? ['\n## What this policy allows from them\n\n', ...reaching(alone, selected, 'out', maybe.out)] : []),
  ];
}

/** The policies that may select the workloads as well and are not evaluated. */
function unevaluatedParts(evaluation: Evaluation, selected: readonly Workload[]): Part[] {
  const found = new Set(
    selected.flatMap((workload) => evaluation.space.classes[evaluation.space.classOf.get(workload) ?? -1]?.unevaluated ?? []),
  );
  if (found.size === 0) return [];
  const lines = [...found].map(({ key, value }): Part[] => [
    '- ',
    reportLink(reportText(describeUnevaluated(value)), key, ['metadata', 'name']),
    '\n',
  ]);
  return [
    '\n## Not evaluated\n\nThese may select some of them too, so connections that they may decide are not listed:\n\n',
    ...capped(lines),
  ];
}

function reaching(evaluation: Evaluation, selected: readonly Workload[], way: 'in' | 'out', maybe: boolean): Part[] {
  const lines: Part[][] = selected.flatMap((own) => outsideLines(evaluation, own, way));
  for (const own of selected) {
    for (const [other, { allowed }] of others(evaluation, own, way)) {
      if (isNoTraffic(allowed)) continue;
      const [from, to] = way === 'in' ? [other, own] : [own, other];
      lines.push(['- ', workloadLink(evaluation, from), ' → ', workloadLink(evaluation, to), `: ${formatTraffic(allowed)}\n`]);
      if (lines.length > MAX_LISTED_LINES) return capped(lines);
    }
  }
  if (lines.length > 0) return capped(lines);
  const none = way === 'in' ? 'No source' : 'No destination';
  return [maybe ? `${none} is certain; some connections are unknown.\n` : `${none}.\n`];
}

/** What may pass between a workload and addresses outside the cluster: it stands first, as it is what an attacker asks. */
function outsideLines(evaluation: Evaluation, own: Workload, way: 'in' | 'out'): Part[][] {
  const ranges = [...outsideOf(evaluation, own, way)].map((one) => ({ range: one.range, traffic: one.verdict.allowed }));
  return outsideEntries(ranges).map((entry): Part[] => {
    const [outside, inside] = [addressWords(entry.ranges), workloadLink(evaluation, own)];
    const [from, to] = way === 'in' ? [outside, inside] : [inside, outside];
    return ['- ', from, ' → ', to, `: ${formatTraffic(entry.traffic)}\n`];
  });
}

/** Every other workload, with the verdict. */
function* others(evaluation: Evaluation, own: Workload, way: 'in' | 'out'): Generator<readonly [Workload, Verdict]> {
  const end = { kind: 'workload', workload: own } as const;
  for (const { value: other } of evaluation.cluster.workloads) {
    if (other === own) continue;
    const peer = { kind: 'workload', workload: other } as const;
    yield [other, way === 'in' ? verdict(evaluation, peer, end) : verdict(evaluation, end, peer)];
  }
}

function workloadLink(evaluation: Evaluation, workload: Workload): Part {
  const name = reportText(workloadName(workload));
  const placed = evaluation.cluster.workloads.find(({ value }) => value === workload);
  return placed ? reportLink(reportText(name), placed.key, workload.labelsPath) : name;
}

function capped(lines: readonly Part[][]): Part[] {
  const shown = lines.slice(0, MAX_LISTED_LINES).flat();
  return lines.length > MAX_LISTED_LINES ? [...shown, `- and more; \`netpol connections\` lists all\n`] : shown;
}
