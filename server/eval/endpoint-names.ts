import { memo } from '../base/memo.ts';
import type { Workload } from '../model/workload.ts';
import { endpointIndex, type Endpoint, type Evaluation } from './evaluate.ts';
import { workloadName } from './names.ts';
import { outcomeAt } from './rows.ts';
import { formatIp } from '../base/ip.ts';
import { groupBy } from '../base/lists.ts';
import { DIRECTIONS } from '../model/policy.ts';

/** What reports list as one endpoint: a workload, or one of its pods where these get different verdicts. */
export interface NamedEndpoint {
  readonly workload: Workload;
  readonly name: string;
  /** Its class. */
  readonly element: number;
}

/** The endpoints of a cluster as reports list them, by name. Pods of one owner go by its name unless their verdicts differ. */
export function namedEndpoints(evaluation: Evaluation): readonly NamedEndpoint[] {
  return namesIn(evaluation).endpoints;
}

/** The name of an endpoint in reports: `shop/web[Deployment]`, `shop/db-0[Pod]` where the pods of its owner differ, or the address. */
export function endpointNameIn(evaluation: Evaluation, end: Endpoint): string {
  if (end.kind === 'address') return formatIp(end.ip.family, end.ip.value);
  const { byWorkload, groups } = namesIn(evaluation);
  const owner = workloadName(end.workload);
  return byWorkload.get(end.workload) ?? groups.get(owner)?.[0]?.name ?? owner;
}

/** The pods of the owner of a workload, itself included, where they get different verdicts; none where they do not. */
export function siblings(evaluation: Evaluation, workload: Workload): readonly NamedEndpoint[] {
  const group = namesIn(evaluation).groups.get(workloadName(workload)) ?? [];
  return group.length > 1 ? group : [];
}

interface Names {
  readonly endpoints: readonly NamedEndpoint[];
  /** By the name of the owner. */
  readonly groups: ReadonlyMap<string, readonly NamedEndpoint[]>;
  readonly byWorkload: ReadonlyMap<Workload, string>;
}

const namesIn = memo((evaluation: Evaluation): Names => {
  const groups = new Map<string, readonly NamedEndpoint[]>();
  const byWorkload = new Map<Workload, string>();
  for (const [owner, members] of groupBy(evaluation.space.endpoints, workloadName)) {
    const group = endpointsOf(evaluation, members);
    groups.set(owner, group);
    if (group.length > 1) for (const { workload, name } of group) byWorkload.set(workload, name);
    else for (const workload of members) byWorkload.set(workload, owner);
  }
  const endpoints = [...groups.values()].flat().sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { endpoints, groups, byWorkload };
});

function endpointsOf(evaluation: Evaluation, group: readonly Workload[]): NamedEndpoint[] {
  const members = group.map((workload) => ({ workload, element: endpointIndex(evaluation, { kind: 'workload', workload }) }));
  const [first] = members;
  if (!first) return [];
  const elements = [...new Set(members.map(({ element }) => element))];
  if (elements.length === 1 || elements.every((element) => areAlike(evaluation, first.element, element)))
    return [{ ...first, name: workloadName(first.workload) }];
  return members.map((member) => ({ ...member, name: podName(member.workload) }));
}

function podName(workload: Workload): string {
  return workload.kind === 'Pod' ? `${workload.namespace}/${workload.name}[Pod]` : workloadName(workload);
}

/** Do two classes get the same verdict with everything else? */
function areAlike({ podPolicies, row }: Evaluation, one: number, other: number): boolean {
  return DIRECTIONS.every((direction) => {
    const all = podPolicies[direction];
    if (row(direction, one) !== row(direction, other)) return false;
    const asking = new Map(all.map((own, id) => [own, id]));
    return [...asking.values()].every((id) => outcomeAt(row(direction, id), one) === outcomeAt(row(direction, id), other));
  });
}
