import { list, plain } from '../base/english.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import { DIRECTIONS, type Direction, type Policy, type PortMatch, type Rule } from '../model/policy.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { workloadName } from './names.ts';

/** Something that the network plugin of a cluster does with a port of a policy otherwise than the policy says. */
export interface PluginLimit {
  readonly kind: 'port range' | 'port name' | 'SCTP';
  readonly direction: Direction;
  readonly path: Path;
  /** What the plugin does, in a sentence that says which part of the policy it is about. */
  readonly message: string;
}

/** The version 1.x of Cilium that reads port ranges: before, it ignored `endPort` (cilium/cilium#28684, #16622). */
const RANGES_SINCE = 16;

/** The one that looks up port names at the destinations of an egress rule: before, at all pods of the cluster (cilium/cilium#30003, #44429). */
const NAMES_BY_DESTINATION_SINCE = 20;

/**
 * What Cilium does otherwise with the ports of a policy, in clusters where it is the network plugin; nothing in others. Port ranges and
 * port names depend on `netpol.cilium.version`; SCTP on how Cilium is installed (docs.cilium.io, "SCTP support (beta)").
 */
export function pluginLimits(cluster: Cluster, policy: Policy): readonly PluginLimit[] {
  if (cluster.plane !== 'cilium' || policy.notInForce) return [];
  return DIRECTIONS.flatMap((direction) =>
    (policy[direction]?.rules ?? []).flatMap((rule) => (rule.ports === 'any' ? [] : limitsOf(cluster, rule, rule.ports, direction))),
  );
}

function limitsOf(cluster: Cluster, rule: Rule, ports: readonly PortMatch[], direction: Direction): readonly PluginLimit[] {
  const version = cluster.cilium?.version ?? '1.19';
  const minor = Number(version.split('.')[1]);
  const found = ports.flatMap((port): readonly PluginLimit[] => {
    const end = port.kind === 'range' ? port.at.find((path) => path.at(-1) === 'endPort') : undefined;
    if (port.kind === 'range' && end && minor < RANGES_SINCE) {
      const message = `Cilium ${version} ignores ${formatPath(end)} and matches port ${port.from} only; it reads port ranges from 1.${RANGES_SINCE} on.`;
      return [{ kind: 'port range', direction, path: end, message }];
    }
    if (port.kind === 'named' && direction === 'egress' && minor < NAMES_BY_DESTINATION_SINCE) {
      const numbers = numbersOf(cluster, port);
      if (numbers.size < 2) return [];
      const words = [...numbers].map(([number, workload]) => `${number} at ${workload}`);
      const message = `Cilium ${version} looks up a port name of an egress rule at all pods of the cluster, and ${plain(port.name)} is ${list(words, 'and', 3)}: it skips ${formatPath(port.path)}, so that this port is not ${rule.action === 'Deny' ? 'denied' : 'allowed'}.`;
      return [{ kind: 'port name', direction, path: port.at, message }];
    }
    return [];
  });
  const sctp = ports.find((port) => isOnlySctp(port, ports));
  const path = sctp && [...sctp.path, 'protocol'];
  return path ? [...found, { kind: 'SCTP', direction, path, message: sctpText(path) }] : found;
}

function sctpText(path: Path): string {
  return `Cilium handles SCTP only where it is enabled ('sctp.enabled' of its Helm chart, off by default), so whether ${formatPath(path)} has an effect depends on that.`;
}

/** Is a port for SCTP as written, and not one of all protocols? */
function isOnlySctp(port: PortMatch, ports: readonly PortMatch[]): boolean {
  if ((port.kind !== 'range' && port.kind !== 'named') || port.protocol !== 'SCTP') return false;
  return ports.every((other) => other === port || other.path !== port.path);
}

/** The numbers that pods of the cluster give to a port name, each with the first workload that does. */
function numbersOf({ workloads }: Cluster, { name, protocol }: Extract<PortMatch, { kind: 'named' }>): ReadonlyMap<number, string> {
  const numbers = new Map<number, string>();
  for (const { value } of workloads) {
    if (value.hostNetwork) continue;
    for (const port of value.ports) {
      if (port.name !== name || (protocol ?? port.protocol) !== port.protocol || numbers.has(port.port)) continue;
      numbers.set(port.port, workloadName(value));
    }
  }
  return numbers;
}
