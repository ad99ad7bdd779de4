import { count, plain } from '../../base/english.ts';
import { endpointNameOf, outsideOf, type EndpointPair } from '../../eval/connections.ts';
import { verdict, type Evaluation, type Verdict } from '../../eval/evaluate.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { policyReach } from '../../eval/reach.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import { describeSubject } from '../../model/describe.ts';
import type { Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { reportLink, type Part, type Report } from './report.ts';

/** How many lines a list has before it ends in a count. */
const MAX_LISTED_LINES = 200;

/** What a policy is about: the workloads it selects, and who may reach them, or be reached, when all policies are taken together. */
export function policyReport(evaluation: Evaluation, placed: Located<Policy>): Report {
  const { value: policy } = placed;
  const { selected } = policyReach(evaluation, placed);
  const name = plain(policyName(policy));
  const parts: Part[] = [
    `# ${policy.kind} `,
    reportLink(name, placed.key, policy.subject.path),
    `\n\nIt selects ${describeSubject(policy)}: ${count(selected.length, 'workload')} here.\n\n`,
  ];
  parts.push(...capped(selected.map((workload): Part[] => ['- ', workloadLink(evaluation, workload), '\n'])));
  parts.push('\n## Who may reach them\n\n', ...reaching(evaluation, selected, 'in'));
  parts.push('\n## Whom they may reach\n\n', ...reaching(evaluation, selected, 'out'));
  return { title: `${policy.kind} ${name}`, parts };
}

function reaching(evaluation: Evaluation, selected: readonly Workload[], way: 'in' | 'out'): Part[] {
  const lines: Part[][] = [];
  for (const own of selected) {
    for (const [other, { allowed }] of others(evaluation, own, way)) {
      if (isNoTraffic(allowed)) continue;
      const [from, to] = way === 'in' ? [other, own] : [own, other];
      lines.push(['- ', endPart(evaluation, from), ' → ', endPart(evaluation, to), `: ${formatTraffic(allowed)}\n`]);
      if (lines.length > MAX_LISTED_LINES) return capped(lines);
    }
  }
  return lines.length === 0 ? ['Nobody.\n'] : capped(lines);
}

/** Every other end of connections of a workload, with the verdict. */
function* others(evaluation: Evaluation, own: Workload, way: 'in' | 'out'): Generator<readonly [EndpointPair['from'], Verdict]> {
  const end = { kind: 'workload', workload: own } as const;
  for (const { value: other } of evaluation.cluster.workloads) {
    if (other === own) continue;
    const peer = { kind: 'workload', workload: other } as const;
    yield [other, way === 'in' ? verdict(evaluation, peer, end) : verdict(evaluation, end, peer)];
  }
  for (const { range, verdict: outside } of outsideOf(evaluation, own, way)) yield [range, outside];
}

function endPart(evaluation: Evaluation, end: EndpointPair['from']): Part {
  return 'family' in end ? endpointNameOf(end) : workloadLink(evaluation, end);
}

function workloadLink(evaluation: Evaluation, workload: Workload): Part {
  const name = plain(workloadName(workload));
  const placed = evaluation.cluster.workloads.find(({ value }) => value === workload);
  return placed ? reportLink(name, placed.key, workload.labelsPath) : name;
}

function capped(lines: readonly Part[][]): Part[] {
  const shown = lines.slice(0, MAX_LISTED_LINES).flat();
  return lines.length > MAX_LISTED_LINES ? [...shown, `- and more; \`netpol connections\` lists all\n`] : shown;
}
