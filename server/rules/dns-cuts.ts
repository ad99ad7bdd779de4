import { addressesOf, hasAddress } from '../base/addresses.ts';
import { parseCidr } from '../base/cidr.ts';
import { parseIp } from '../base/ip.ts';
import { hasTraffic, portSet, trafficOf } from '../base/ports.ts';
import { elementOf, verdict, verdictAt, type End } from '../eval/evaluate.ts';
import { explain, type Step } from '../eval/explain.ts';
import type { Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';
import type { Path } from '../syntax/path.ts';
import type { DnsServer } from './dns.ts';
import type { Related } from './finding.ts';
import type { WorkspaceContext } from './rule.ts';
import { mayLieInOpenBlock } from './open-to.ts';
import { mayPassBefore, type Deny } from './unknown-address.ts';

/** A pod that cannot reach the DNS, over which protocols, and where that is settled. */
export interface DnsCut {
  readonly workload: Workload;
  readonly server: DnsServer;
  readonly protocols: readonly string[];
  readonly path: Path;
  readonly related: readonly Related[];
  /** A block of addresses is open in which the DNS may lie: then it depends on the CNI. */
  readonly perhaps: boolean;
}

/** The cut of a pod that a policy keeps from all DNS servers; `undefined` where one answers it, or where another policy settles that. */
export function dnsCutAt(
  context: WorkspaceContext,
  policy: Policy,
  workload: Workload | undefined,
  servers: readonly DnsServer[],
): DnsCut | undefined {
  if (!workload) return undefined;
  const from: End = { kind: 'workload', workload };
  const denied = servers.map((server) => deniedPorts(context, from, server));
  // One that answers is enough; they are replicas of one another, or old and new.
  if (denied.some((ports) => ports.length === 0)) return undefined;
  const [server] = servers;
  const [port] = denied[0] ?? [];
  if (!server || !port || reachesNodeCache(context, from)) return undefined;
  const { steps } = explain(context.cluster, from, endOf(server), port.protocol, port.port);
  const final = steps.filter(({ side, action }) => side === 'egress' && (action === 'Isolated' || action === 'Deny'));
  // Of the policies that close the pods, the first one that opens anything is the one that forgot.
  const settling = final.find(({ at, action }) => at && (action === 'Deny' || (at.policy.egress?.rules.length ?? 0) > 0));
  if (settling?.at?.policy !== policy) return undefined;
  const path = settling.action === 'Deny' ? settling.at.path : (policy.egress?.path ?? settling.at.path);
  const related = final
    .filter((step) => step !== settling)
    .flatMap(({ at, why }): readonly Related[] => (at ? [{ key: at.key, path: at.path, message: why }] : []));
  return {
    workload,
    server,
    protocols: [...new Set((denied[0] ?? []).map(({ protocol }) => protocol))],
    path,
    related: related.slice(0, 4),
    perhaps: mayHoldDns(context, from, server, port, denyIn(settling)),
  };
}

/**
 * Might a block of addresses let an end through to a DNS server whose address nobody knows? Where a Deny of the tiers is in the way, only
 * by a rule that is asked before it.
 */
export function mayHoldDns(
  { cluster, evaluation }: WorkspaceContext,
  from: End,
  server: DnsServer,
  { protocol, port }: DnsServer['ports'][number],
  deny: Deny | undefined,
): boolean {
  const made = evaluation();
  const pod = elementOf(made, from);
  const { value: dns } = server.workload;
  if (!deny) return mayLieInOpenBlock(made, 'egress', pod, dns, trafficOf(protocol, portSet(port)));
  return mayPassBefore(cluster, made, deny, { direction: 'egress', pod, other: elementOf(made, endOf(server)), protocol, port }, dns);
}

/** The Deny that a step is; `undefined` where it isolates. */
export function denyIn({ action, at }: Step): Deny | undefined {
  return action === 'Deny' ? at : undefined;
}

/** The ports of a DNS server that an end may not ask, in whatever order of tied policies. */
export function deniedPorts(context: WorkspaceContext, from: End, server: DnsServer): DnsServer['ports'] {
  const made = context.evaluation();
  const { allowed, undefined: maybe } = verdictAt(made, elementOf(made, from), elementOf(made, endOf(server)));
  return server.ports.filter(({ protocol, port }) => !hasTraffic(allowed, protocol, port) && !hasTraffic(maybe, protocol, port));
}

/**
 * NodeLocal DNSCache answers at this address on every node (kubernetes/website `nodelocaldns.md`). It counts where a policy means it, by a
 * block of link-local addresses, or where it runs: the whole Internet names the address as well, and says nothing of a cache.
 */
export function reachesNodeCache(context: WorkspaceContext, from: End): boolean {
  const ip = parseIp('169.254.20.10');
  const made = context.evaluation();
  if (!ip.ok || !hasTraffic(verdict(made, from, { kind: 'address', ip }).allowed, 'UDP', 53)) return false;
  const rules = made.sides.egress[elementOf(made, from)]?.policies.flatMap(({ value }) => value.egress?.rules ?? []) ?? [];
  const networks = rules.flatMap(({ peers }) => (peers === 'any' ? [] : peers)).filter((peer) => peer.kind === 'networks');
  const isMeant = (text: string): boolean => {
    const cidr = parseCidr(text);
    return cidr.ok && cidr.prefix >= LINK_LOCAL && hasAddress(addressesOf(cidr), ip);
  };
  return (
    networks.some((peer) => peer.networks.some(({ cidr }) => isMeant(cidr))) ||
    context.cluster.workloads.some(({ value }) => value.labels['k8s-app'] === 'node-local-dns')
  );
}

/** The prefix of the link-local block, 169.254.0.0/16. */
const LINK_LOCAL = 16;

/** A DNS server as an end of connections. */
export function endOf(server: DnsServer): End {
  return { kind: 'workload', workload: server.workload.value };
}
