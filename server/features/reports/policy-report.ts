import { count, plain } from '../../base/english.ts';
import { memo } from '../../base/memo.ts';
import { evaluationAlone } from '../../eval/alone.ts';
import { outsideOf } from '../../eval/connections.ts';
import { verdict, type Evaluation } from '../../eval/evaluate.ts';
import type { Verdict } from '../../eval/verdict.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { policyActions } from '../../eval/policy-actions.ts';
import { policyReach } from '../../eval/reach.ts';
import { formatTraffic, isNoTraffic } from '../../base/ports.ts';
import { describeSubject } from '../../model/describe.ts';
import type { Policy } from '../../model/policy.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located, ManifestKey } from '../../workspace/cluster.ts';
import { addressWords, outsideEntries } from './outside.ts';
import {
  heading,
  paragraph,
  reportLink,
  titled,
  type Block,
  type ConnectionRow,
  type ReportItem,
  type Report,
  type RowPeer,
} from './report.ts';

/** How many lines a list has before it ends in a count. */
const MAX_LISTED_LINES = 200;

/** What a policy is about: the workloads it selects, and who may reach them, or be reached, when all policies are taken together. */
export function policyReport(evaluation: Evaluation, placed: Located<Policy>): Report {
  const { value: policy } = placed;
  const { selected, maybe } = policyReach(evaluation, placed);
  const name = policyName(policy);
  return {
    title: `${policy.kind} ${plain(name)}`,
    blocks: [
      titled(`${policy.kind} `, reportLink(name, placed.key, policy.subject.path)),
      paragraph(`It selects ${describeSubject(policy)}: ${count(selected.length, 'workload')} in this workspace.`),
      ...listOf(selected.map((workload): ReportItem => ({ content: [workloadLink(evaluation, workload)] }))),
      ...unevaluatedBlocks(evaluation, selected),
      ...(policy.traits.isolates ? ownBlocks(evaluation, placed) : actionBlocks(evaluation, placed)),
      heading('Who can connect to them, all policies together'),
      reaching(evaluation, selected, 'in', maybe.in),
      heading('Where they can connect to, all policies together'),
      reaching(evaluation, selected, 'out', maybe.out),
    ],
  };
}

/** What the policy allows by itself, direction by direction. */
function ownBlocks({ cluster }: Evaluation, placed: Located<Policy>): Block[] {
  const alone = evaluationAlone(cluster, placed);
  const { selected, maybe } = policyReach(alone, placed);
  const { ingress, egress } = placed.value;
  return [
    ...(ingress ? [heading('What this policy allows to them'), reaching(alone, selected, 'in', maybe.in)] : []),
    ...(egress ? [heading('What this policy allows from them'), reaching(alone, selected, 'out', maybe.out)] : []),
  ];
}

/** What the policy decides by itself, by direction and action. */
function actionBlocks(evaluation: Evaluation, placed: Located<Policy>): Block[] {
  return policyActions(evaluationAlone(evaluation.cluster, placed), placed).flatMap(({ direction, action, peers, outside }): Block[] => {
    const { v4, v6 } = outside;
    const words =
      v4 === 'all' && v6 === 'all' ? 'any address' : [v4, v6].flatMap((reach, at) => outsideWords(reach, at === 0 ? 4 : 6)).join(', ');
    const items = peers.map((workload): ReportItem => ({ content: [workloadLink(evaluation, workload)] }));
    return [
      heading(`${ACTION_HEADS[action]} ${direction === 'ingress' ? 'ingress from' : 'egress to'}`),
      ...listOf([...(words === '' ? [] : [{ content: [words] }]), ...items]),
    ];
  });
}

const ACTION_HEADS = { Deny: 'Denies', Accept: 'Accepts', Pass: 'Passes' } as const;

function outsideWords(reach: 'all' | 'some' | 'none', family: 4 | 6): string[] {
  if (reach === 'none') return [];
  return [reach === 'all' ? `any IPv${family} address` : `some IPv${family} addresses outside`];
}

/** The policies that may select the workloads as well and are not evaluated. */
function unevaluatedBlocks(evaluation: Evaluation, selected: readonly Workload[]): Block[] {
  const found = new Set(
    selected.flatMap((workload) => evaluation.space.classes[evaluation.space.classOf.get(workload) ?? -1]?.unevaluated ?? []),
  );
  if (found.size === 0) return [];
  const items = [...found].map(({ key, value }): ReportItem => ({
    content: [reportLink(describeUnevaluated(value), key, ['metadata', 'name'])],
  }));
  return [
    heading('Not evaluated'),
    paragraph('These may select some of them too, so connections that they may decide are not listed:'),
    ...listOf(items),
  ];
}

function reaching(evaluation: Evaluation, selected: readonly Workload[], way: 'in' | 'out', maybe: boolean): Block {
  const rows = selected.flatMap((own) => outsideRows(evaluation, own, way));
  const none = way === 'in' ? 'No source' : 'No destination';
  const block = (more: boolean): Block => ({
    kind: 'connections',
    as: 'list',
    rows: rows.slice(0, MAX_LISTED_LINES),
    more,
    none: maybe ? `${none} is certain; some connections are unknown.` : `${none}.`,
  });
  for (const own of selected) {
    for (const [other, { allowed }] of others(evaluation, own, way)) {
      if (isNoTraffic(allowed)) continue;
      const [from, to] = way === 'in' ? [other, own] : [own, other];
      rows.push({
        from: workloadPeer(evaluation, from),
        to: workloadPeer(evaluation, to),
        traffic: formatTraffic(allowed),
        verdict: 'allow',
      });
      if (rows.length > MAX_LISTED_LINES) return block(true);
    }
  }
  return block(rows.length > MAX_LISTED_LINES);
}

/** What may pass between a workload and addresses outside the cluster: it stands first, as it is what an attacker asks. */
function outsideRows(evaluation: Evaluation, own: Workload, way: 'in' | 'out'): ConnectionRow[] {
  const ranges = [...outsideOf(evaluation, own, way)].map((one) => ({ range: one.range, traffic: one.verdict.allowed }));
  return outsideEntries(ranges).map((entry): ConnectionRow => {
    const [outside, inside] = [{ text: addressWords(entry.ranges), namespace: '' }, workloadPeer(evaluation, own)];
    const [from, to] = way === 'in' ? [outside, inside] : [inside, outside];
    return { from, to, traffic: formatTraffic(entry.traffic), verdict: 'allow' };
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

function workloadLink(evaluation: Evaluation, workload: Workload): ReportItem['content'][number] {
  const { text, link } = workloadPeer(evaluation, workload);
  return link ? { text, ...link } : text;
}

function workloadPeer(evaluation: Evaluation, workload: Workload): RowPeer {
  const key = keysIn(evaluation.cluster).get(workload);
  const own = { text: workloadName(workload), namespace: workload.namespace };
  return key === undefined ? own : { ...own, link: { key, path: workload.labelsPath } };
}

const keysIn = memo(
  ({ workloads }: Cluster): ReadonlyMap<Workload, ManifestKey> => new Map(workloads.map(({ key, value }) => [value, key])),
);

function listOf(items: readonly ReportItem[]): Block[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_LISTED_LINES);
  return [
    { kind: 'list', items: items.length > shown.length ? [...shown, { content: [`and ${items.length - shown.length} more`] }] : shown },
  ];
}
