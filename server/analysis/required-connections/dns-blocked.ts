import { memo, memo2, memo2By, memoBy } from '../../base/memo.ts';
import { addressesOf, hasAddress } from '../../base/addresses.ts';
import { parseCidr } from '../../base/cidr.ts';
import { parseIp, type Ip } from '../../base/ip.ts';
import { hasTraffic, portSet, trafficOf } from '../../base/ports.ts';
import { endpointIndex, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import type { PodPolicies } from '../../eval/rows.ts';
import { stepsOnBothSides, type Step } from '../../eval/explain.ts';
import type { Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Path } from '../../syntax/path.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import type { DnsServer } from '../dns-servers.ts';
import type { Related } from '../related.ts';
import { stepPlaces } from '../witness/pairs.ts';
import { denies } from '../precedence/decisions.ts';
import type { WorkspaceContext } from '../context.ts';
import { mayLieInOpenBlock, mayPass } from './open-to.ts';
import { dnsCache, USUAL_ADDRESS } from './dns-cache.ts';
import { mayPassBefore, type Deny } from './unknown-address.ts';

/** A pod that cannot reach cluster DNS, over which protocols, and the rule that decides it. */
export interface BlockedDns {
  readonly workload: Workload;
  readonly server: DnsServer;
  readonly protocols: readonly string[];
  readonly path: Path;
  readonly related: readonly Related[];
  /** A block of addresses is open in which the DNS may lie: then it depends on the CNI. */
  readonly dependsOnCni: boolean;
}

/** A pod without DNS, and the policy to change. */
interface Settled {
  readonly by: Policy;
  readonly blocked: BlockedDns;
}

/** A pod that a policy keeps from all DNS servers; `undefined` where one of them answers, or where another policy is the one to change. */
export function blockedDnsAt(
  context: WorkspaceContext,
  policy: Policy,
  workload: Workload | undefined,
  servers: readonly DnsServer[],
): BlockedDns | undefined {
  if (!workload) return undefined;
  const settled = settledIn(context.cluster, workload, context, servers);
  return settled?.by === policy ? settled.blocked : undefined;
}

const settledIn = memo2(settle);

function settle(_: Cluster, workload: Workload, context: WorkspaceContext, servers: readonly DnsServer[]): Settled | undefined {
  const from: Endpoint = { kind: 'workload', workload };
  const denied = servers.map((server) => deniedPorts(context, from, server));
  // One that answers is enough; they are replicas of one another, or old and new.
  if (denied.some((ports) => ports.length === 0)) return undefined;
  const [server] = servers;
  const [port] = denied[0] ?? [];
  if (!server || !port || reachesNodeCache(context, from)) return undefined;
  const final = denyingSteps(context, workload, server, port).filter(({ side }) => side === 'egress');
  // Of the policies that isolate the pods, the first one that allows anything lacks the rule.
  const settling = final.find(({ at, action }) => at && (action === 'Deny' || (at.policy.egress?.rules.length ?? 0) > 0));
  if (!settling?.at) return undefined;
  const { policy, path } = settling.at;
  const related = stepPlaces(final.filter((step) => step !== settling));
  const blocked: BlockedDns = {
    workload,
    server,
    protocols: [...new Set((denied[0] ?? []).map(({ protocol }) => protocol))],
    path: settling.action === 'Deny' ? path : (policy.egress?.path ?? path),
    related: related.slice(0, 4),
    dependsOnCni: mayHoldDns(context, from, server, port, denyIn(settling)),
  };
  return { by: policy, blocked };
}

type Port = DnsServer['ports'][number];

/** The steps that deny a pod's queries to a DNS server, for egress and for ingress. Computed once for all policies. */
export function denyingSteps(context: WorkspaceContext, workload: Workload, server: DnsServer, port: Port): readonly Step[] {
  const name = `${server.workload.key} ${port.protocol} ${port.port}`;
  return denyingIn(context.cluster, workload, name, context, dnsEndpoint(server), port);
}

const denyingIn = memo2By(
  (_: Cluster, workload: Workload, _name: string, { evaluation }: WorkspaceContext, to: Endpoint, { protocol, port }: Port) =>
    stepsOnBothSides(evaluation(), { from: { kind: 'workload', workload }, to, protocol, port }).filter(denies),
);

/**
 * Might an address block allow an endpoint to reach a DNS server whose address is unknown? Where a Deny of the tiers applies, only by a rule
 * that is evaluated before it.
 */
export function mayHoldDns(
  context: WorkspaceContext,
  from: Endpoint,
  server: DnsServer,
  { protocol, port }: Port,
  deny: Deny | undefined,
): boolean {
  const evaluation = context.evaluation();
  const pod = endpointIndex(evaluation, from);
  const { value: dns } = server.workload;
  if (!deny) return mayLieInOpenBlock(evaluation, 'egress', pod, dns, trafficOf(protocol, portSet(port)));
  return mayPassBefore(
    context.cluster,
    evaluation,
    deny,
    { direction: 'egress', pod, other: endpointIndex(evaluation, dnsEndpoint(server)), protocol, port },
    dns,
  );
}

/** The Deny that a step is; `undefined` where it isolates. */
export function denyIn({ action, at }: Step): Deny | undefined {
  return action === 'Deny' ? at : undefined;
}

/** The ports of a DNS server that an end may not ask, in whatever order of tied policies. */
export function deniedPorts(context: WorkspaceContext, from: Endpoint, server: DnsServer): DnsServer['ports'] {
  const evaluation = context.evaluation();
  const source = endpointIndex(evaluation, from);
  return deniedIn(evaluation, `${source} ${server.workload.key}`, source, server);
}

const deniedIn = memoBy(findDenied);

function findDenied(evaluation: Evaluation, _key: string, source: number, server: DnsServer): DnsServer['ports'] {
  const destination = endpointIndex(evaluation, dnsEndpoint(server));
  return server.ports.filter((port) => !mayPass(evaluation, source, destination, port));
}

/**
 * NodeLocal DNSCache answers at this address on every node (kubernetes/website `nodelocaldns.md`). It counts where a policy means it, by a
 * block of link-local addresses, or where it runs: the whole Internet names the address as well, and says nothing of a cache.
 */
export function reachesNodeCache(context: WorkspaceContext, from: Endpoint): boolean {
  const evaluation = context.evaluation();
  const pod = endpointIndex(evaluation, from);
  const own = evaluation.podPolicies.egress[pod];
  return own ? reachesFrom(own, context, pod) : findCache(context, pod);
}

const reachesFrom = memo((_: PodPolicies, context: WorkspaceContext, pod: number) => findCache(context, pod));

function findCache(context: WorkspaceContext, pod: number): boolean {
  const evaluation = context.evaluation();
  const own = evaluation.podPolicies.egress[pod];
  const nodeCache = dnsCache(context.cluster);
  const usual = parseIp(USUAL_ADDRESS);
  return (nodeCache?.addresses ?? (usual.ok ? [usual] : [])).some((ip) => {
    const cache = endpointIndex(evaluation, { kind: 'address', ip });
    const isMeant = nodeCache !== undefined || own?.policies.some(({ value }) => namesBlockOf(value, ip)) === true;
    return isMeant && hasTraffic(evaluation.outcome('egress', pod, cache).sure, 'UDP', 53);
  });
}

function namesBlockOf({ egress }: Policy, ip: Ip): boolean {
  const networks = (egress?.rules ?? []).flatMap(({ peers }) => (peers === 'any' ? [] : peers)).filter((peer) => peer.kind === 'networks');
  return networks.some((peer) =>
    peer.networks.some((network) => {
      const cidr = parseCidr(network.cidr);
      return cidr.ok && cidr.prefix >= LINK_LOCAL_PREFIX && hasAddress(addressesOf(cidr), ip);
    }),
  );
}

/** The prefix of the link-local block, 169.254.0.0/16. */
const LINK_LOCAL_PREFIX = 16;

/** A DNS server as an end of connections. */
export function dnsEndpoint(server: DnsServer): Endpoint {
  return { kind: 'workload', workload: server.workload.value };
}
