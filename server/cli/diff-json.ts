import type { AddressRange } from '../base/addresses.ts';
import { inertJson } from '../base/inert.ts';
import { trafficEntries } from '../eval/connections.ts';
import type { Change, ChangedConnection, DiffPeer, DiffReason } from '../eval/diff.ts';
import { externalName } from '../eval/names.ts';
import { addressWords } from '../features/reports/outside.ts';
import { positionIn } from '../syntax/positions.ts';
import { locate } from '../workspace/locate.ts';
import type { DiffedCluster, DiffReport } from './diffed.ts';
import { shortName } from './files.ts';

/** The difference as JSON. Its shape is public: fields are added, never changed. */
export function diffJson({ clusters, problems }: DiffReport): string {
  return `${inertJson({ clusters: clusters.map(clusterJson), problems }, 1)}\n`;
}

function clusterJson(one: DiffedCluster): object {
  const { name, status, diff } = one;
  const list = (change: Change): object[] =>
    diff.changes.filter((each) => each.change === change).flatMap((each) => connectionsJson(each, one));
  return {
    cluster: name,
    status,
    allowed: list('allowed'),
    denied: list('denied'),
    unknown: list('unknown'),
    workloads: { added: diff.added, removed: diff.removed },
    renamed: diff.renamed,
    policiesWithoutWorkloads: diff.withoutWorkloads,
  };
}

function connectionsJson({ from, to, traffic, family, because }: ChangedConnection, one: DiffedCluster): object[] {
  const reasons = because.map((reason) => reasonJson(reason, one));
  return endpointsJson(from).flatMap((src) =>
    endpointsJson(to).flatMap((dst) =>
      trafficEntries(traffic).map(({ protocol, ports }) => ({
        src,
        dst,
        protocol,
        ports,
        ...(family === undefined ? {} : { families: [`IPv${family}`] }),
        because: reasons,
      })),
    ),
  );
}

/** Addresses are one entry a range; IPv6 only where it differs from IPv4, as in `connections`. */
function endpointsJson(peer: DiffPeer): readonly string[] {
  if (peer.kind === 'workload') return [peer.name];
  const ranges: readonly AddressRange[] =
    addressWords(peer.ranges) === 'any address' ? peer.ranges.filter(({ family }) => family === 4) : peer.ranges;
  return ranges.map(externalName);
}

function reasonJson(reason: DiffReason, one: DiffedCluster): object {
  const { policy, kind, rule } = reason.step;
  const found = placeOf(reason, one);
  return {
    policy,
    kind,
    ...(rule === undefined ? {} : { rule }),
    ...(found ? { file: found.file, range: { start: found.start, end: found.end } } : {}),
    ...(reason.state === 'before' ? { state: 'old' } : {}),
  };
}

/** Where the rule, or else the policy, of a reason stands. */
export function placeOf(
  { state, step }: DiffReason,
  { before, after }: DiffedCluster,
): { file: string; start: Position; end: Position } | undefined {
  const snapshot = (state === 'before' ? before : after)?.snapshot;
  const key = step.at?.key ?? step.unevaluated;
  const found = snapshot && key !== undefined ? locate(snapshot, key, step.at?.path ?? ['metadata', 'name']) : undefined;
  return (
    found && { file: shortName(found.uri), start: positionIn(found.file, found.span.start), end: positionIn(found.file, found.span.end) }
  );
}

type Position = ReturnType<typeof positionIn>;
