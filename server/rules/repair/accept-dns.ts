import { KUBE_SYSTEM } from '../../model/namespace.ts';
import { columnAt } from '../../base/lines.ts';
import { entryOf } from '../../model/kinds.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import { dnsServers, type DnsServer } from '../../analysis/dns-servers.ts';
import type { Fix } from '../finding.ts';
import { itemBefore } from './insert-item.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import type { PeerRequest } from '../../model/rule-request.ts';
import type { Path } from '../../syntax/path.ts';
import { blockText } from '../../syntax/print.ts';
import { spotOf } from '../../syntax/spot.ts';

/**
 * A rule that accepts DNS, in front of another rule of a policy of the tiers: the pods' questions (egress), or questions to the DNS
 * itself (ingress). `undefined` where the list of rules has no place for it.
 */
export function acceptDns(context: WorkspaceContext, policy: Policy, rule: Rule, direction: Direction): Fix | undefined {
  const { text, at, cluster } = context;
  if ((policy[direction]?.rules.length ?? 0) >= MAX_RULES || !policy.traits.ordered) return undefined;
  const [server] = dnsServers(cluster);
  const { actions, write } = entryOf(policy);
  const action = actions.get('Accept') ?? 'Accept';
  const peers: readonly PeerRequest[] = [direction === 'ingress' ? { kind: 'pods', labels: {} } : destination(server)];
  const value = write.rule({ direction, action: 'Accept', name: 'accept-dns', peers, ports: server?.ports ?? DNS_PORTS }, policy.namespace);
  if (value === undefined) return undefined;
  const item = blockText(value, 0, { listIndent: isIndented(context, policy.at[direction]) ? 2 : 0, eol: '\n' });
  const edit = itemBefore(text, at(policy.at[direction]), rule.index, item);
  return edit ? { title: `${action} DNS in a rule before this one`, edits: [edit], safe: false } : undefined;
}

/** Do the items of the list stand further in than its key, as some write all their lists? */
function isIndented({ text, at, manifest: { root } }: WorkspaceContext, path: Path): boolean {
  const list = at(path);
  if (!root || !list) return false;
  return columnAt(text, list.span.start) > columnAt(text, spotOf(root, path).keySpan.start);
}

/** A list of rules may have 25 items (network-policy-api `ClusterNetworkPolicySpec`); in AdminNetworkPolicy 100, far more than policies have. */
const MAX_RULES = 25;

/** CoreDNS as kubeadm installs it. */
const DNS_PORTS: DnsServer['ports'] = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

function destination(server: DnsServer | undefined): PeerRequest {
  const [key, value] = server?.label ?? ['k8s-app', 'kube-dns'];
  return { kind: 'pods', namespace: server?.workload.value.namespace ?? KUBE_SYSTEM, labels: { [key]: value } };
}
