import { count, plain } from '../../base/english.ts';
import { nameOf, pairs, type Pair } from '../../eval/connections.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { policyReach } from '../../eval/reach.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import { describeSubject } from '../../model/describe.ts';
import type { Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Placed } from '../../workspace/cluster.ts';
import { linkTo, type Part, type Report } from './report.ts';

/** How many lines a list has before it ends in a count. */
const MOST = 200;

/** What a policy is about: the workloads it selects, and who may reach them, or be reached, when all policies are taken together. */
export function policyReport(evaluation: Evaluation, placed: Placed<Policy>): Report {
  const { value: policy } = placed;
  const { selected } = policyReach(evaluation, placed);
  const name = plain(policyName(policy));
  const chosen = new Set(selected);
  const parts: Part[] = [`# ${policy.kind} `, linkTo(name, placed.key, policy.subject.path), `\n\nIt selects ${describeSubject(policy)}: ${count(selected.length, 'workload')} here.\n\n`];
  parts.push(...capped(selected.map((workload): Part[] => ['- ', workloadLink(evaluation, workload), '\n'])));
  parts.push('\n## Who may reach them\n\n', ...reaching(evaluation, (to) => chosen.has(to), 'in'));
  parts.push('\n## Whom they may reach\n\n', ...reaching(evaluation, (from) => chosen.has(from), 'out'));
  return { title: `${policy.kind} ${name}`, parts };
}

function reaching(evaluation: Evaluation, isChosen: (workload: Workload) => boolean, way: 'in' | 'out'): Part[] {
  const lines: Part[][] = [];
  for (const { from, to, verdict } of pairs(evaluation)) {
    const own = way === 'in' ? to : from;
    if ('family' in own || !isChosen(own) || isNoTraffic(verdict.allowed)) continue;
    lines.push(['- ', endPart(evaluation, from), ' → ', endPart(evaluation, to), `: ${formatTraffic(verdict.allowed)}\n`]);
    if (lines.length > MOST * 5) break;
  }
  return lines.length === 0 ? ['Nobody.\n'] : capped(lines);
}

function endPart(evaluation: Evaluation, end: Pair['from']): Part {
  return 'family' in end ? nameOf(end) : workloadLink(evaluation, end);
}

function workloadLink(evaluation: Evaluation, workload: Workload): Part {
  const name = plain(workloadName(workload));
  const placed = evaluation.cluster.workloads.find(({ value }) => value === workload);
  return placed ? linkTo(name, placed.key, workload.labelsPath) : name;
}

function capped(lines: readonly Part[][]): Part[] {
  const shown = lines.slice(0, MOST).flat();
  return lines.length > MOST ? [...shown, `- and ${lines.length > MOST * 5 ? 'many' : lines.length - MOST} more; \`netpol connections\` lists all\n`] : shown;
}
