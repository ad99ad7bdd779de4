import { list } from '../../base/english.ts';
import { bitMembers } from '../../eval/bits.ts';
import { endpointIndex, type Endpoint } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import { isBelow, type Path, samePath } from '../../syntax/path.ts';
import type { Located } from '../../workspace/cluster.ts';
import { incompleteDnsRule } from '../../analysis/required-connections/dns-rule.ts';
import { acceptDns } from '../repair/accept-dns.ts';
import { denyingSteps, deniedPorts, blockedDnsAt, dnsEndpoint, type BlockedDns } from '../../analysis/required-connections/dns-blocked.ts';
import { clientIn, dnsServers, type DnsServer } from '../../analysis/dns-servers.ts';
import { policiesOfAnyApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { isDnsOutOfReach } from '../../analysis/required-connections/unknown-dns.ts';
import { itemBehind } from '../repair/insert-item.ts';
import { controlPlaneImpactsOf } from '../../analysis/required-connections/control-plane-impact.ts';
import { acceptedNames } from '../../analysis/policy-parts.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';
import { entryOf } from '../../model/kinds.ts';
import { blockText } from '../../syntax/print.ts';

const rule: WorkspaceRule = {
  name: 'dns-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'high',
  summary: 'Pods whose egress is limited cannot send DNS queries.',
  why: 'To resolve a name, a pod connects to cluster DNS over UDP and, for long responses, TCP. A policy that limits egress must allow this connection too; otherwise connections fail with timeouts.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.unreadable.length > 0) return;
    const servers = dnsServers(context.cluster);
    if (servers.length === 0) {
      // Of a rule that was meant for DNS another finding tells what it lacks.
      if (isDnsOutOfReach(context, policy.value) && !incompleteDnsRule(context, policy.value)) yield guess(context, policy.value);
      return;
    }
    if (incompleteDnsRule(context, policy.value)) return;
    for (const draft of [...blockedEgress(context, policy, servers), ...blockedIngress(context, policy, servers)]) {
      if (!isReportedElsewhere(context, policy, draft)) yield draft;
    }
  },
};

/** `admin-deny-blocks-system` tells of a Deny that takes the DNS from the system too, `domain-names-without-dns` of one beside names that are accepted. */
function isReportedElsewhere(context: WorkspaceContext, policy: Located<Policy>, { path, severity }: Draft): boolean {
  if (policy.value.traits.isolates || severity !== undefined) return false;
  if (isBelow(path, policy.value.at.egress) && acceptedNames(policy.value).length > 0) return true;
  return controlPlaneImpactsOf(context, policy).some(({ rule }) => samePath(rule.path, path));
}

/** Classes of pods that are asked about, at most. */
const MAX_CLASSES = 200;

/** The pods of the policy that it denies access to cluster DNS. */
function* blockedEgress(context: WorkspaceContext, { value: policy }: Located<Policy>, servers: readonly DnsServer[]): Generator<Draft> {
  if (!policy.egress || policy.egress.rules.length === 0) return;
  const { space } = context.evaluation();
  const blocked = bitMembers(subjectBits(space, policy))
    .slice(0, MAX_CLASSES)
    .flatMap((id) => blockedDnsAt(context, policy, clientIn(space.classes[id]?.members ?? [], servers), servers) ?? []);
  const [first] = blocked;
  if (!first) return;
  const sure = blocked.filter(({ dependsOnCni }) => !dependsOnCni);
  const alike = sure.length > 0 ? sure : blocked;
  const all = alike.every(({ protocols }) => protocols.length === alike[0]?.protocols.length)
    ? alike
    : alike.filter(({ protocols }) => protocols.length === 2);
  const shown = all[0] ?? first;
  const names = list(
    all.map(({ workload }) => workloadName(workload)),
    'and',
    3,
  );
  const tcpOnly = shown.protocols.length === 1 && shown.protocols[0] === 'TCP';
  const ports = list(
    shown.server.ports.filter(({ protocol }) => shown.protocols.includes(protocol)).map(({ protocol, port }) => `${protocol} ${port}`),
  );
  if (shown.dependsOnCni) {
    yield onKey(context, shown.path, perhapsText(shown, names, ports), {
      severity: 'information',
      related: relatedTo(shown),
      fixes: fixes(context, policy, shown),
    });
    return;
  }
  const effect = tcpOnly ? `Pods of ${names} cannot receive long DNS responses` : `Pods of ${names} cannot resolve DNS names`;
  const way = policy.traits.isolates ? `Allow egress to cluster DNS.` : 'Accept this in an earlier rule.';
  yield onKey(
    context,
    shown.path,
    `${effect}: ${ports} to ${workloadName(shown.server.workload.value)} ${shown.protocols.length === 1 ? 'is' : 'are'} denied. ${way}`,
    {
      ...(tcpOnly ? { severity: 'information' as const } : {}),
      related: relatedTo(shown),
      fixes: fixes(context, policy, shown),
    },
  );
}

function perhapsText({ server }: BlockedDns, names: string, ports: string): string {
  return `Whether ${names} can resolve DNS names depends on the network plugin: only a block of addresses allows ${ports} to ${workloadName(server.workload.value)}, and plugins differ in whether a block matches pods. Allow egress to the DNS pods by their labels.`;
}

function relatedTo({ server, related }: BlockedDns): readonly Related[] {
  return [{ key: server.workload.key, path: server.workload.value.labelsPath, message: 'The DNS server of the cluster.' }, ...related];
}

/** The policy selects the DNS pods themselves, and does not allow queries to them. */
function* blockedIngress(context: WorkspaceContext, { value: policy }: Located<Policy>, servers: readonly DnsServer[]): Generator<Draft> {
  if (!policy.ingress) return;
  const evaluation = context.evaluation();
  const own = new Set(bitMembers(subjectBits(evaluation.space, policy)));
  const server = servers.find((one) => own.has(endpointIndex(evaluation, dnsEndpoint(one))));
  if (!server) return;
  for (const { members } of evaluation.space.classes.slice(0, MAX_CLASSES)) {
    const client = clientIn(members, servers);
    if (!client) continue;
    const from: Endpoint = { kind: 'workload', workload: client };
    const [port] = deniedPorts(context, from, server);
    if (!port) continue;
    const final = denyingSteps(context, client, server, port).find(({ side }) => side === 'ingress');
    if (final?.at?.policy !== policy) continue;
    const path = final.action === 'Deny' ? final.at.path : policy.ingress.path;
    const message = `Cluster DNS cannot receive queries from ${workloadName(client)}: this policy denies ${port.protocol} ${port.port} to ${workloadName(server.workload.value)}. Allow it from all sources.`;
    yield onKey(context, path, message, {
      related: [{ key: server.workload.key, path: server.workload.value.labelsPath, message: 'The DNS server of the cluster.' }],
      fixes: accepting(context, policy, path, 'ingress'),
    });
    return;
  }
}

/** A rule for the real DNS, in the words of the kind. */
function fixes(context: WorkspaceContext, policy: Policy, { server, path }: BlockedDns): readonly Fix[] {
  const { at, text } = context;
  const {
    workload,
    label: [key, value],
    ports,
  } = server;
  if (!policy.traits.isolates) return accepting(context, policy, path, 'egress');
  const peers = [{ kind: 'pods' as const, namespace: workload.value.namespace, labels: { [key]: value } }];
  const rule = entryOf(policy).write.rule({ direction: 'egress', action: 'Accept', peers, ports }, policy.namespace);
  if (rule === undefined) return [];
  const item = blockText(rule, 0, { listIndent: 0, eol: '\n' });
  const edit = itemBehind(text, at(policy.at.egress), item);
  return edit ? [{ title: 'Allow egress to cluster DNS', edits: [edit], safe: false }] : [];
}

/** A rule of the tiers in front of the one that denies. */
function accepting(context: WorkspaceContext, policy: Policy, path: Path, direction: Direction): readonly Fix[] {
  const rule = policy[direction]?.rules.find((one) => samePath(one.path, path));
  return rule ? [acceptDns(context, policy, rule, direction)].filter((fix) => fix !== undefined) : [];
}

function guess(context: WorkspaceContext, policy: Policy): Draft {
  const message =
    'No policy in this workspace allows DNS queries from these pods: their egress is isolated, and no rule allows cluster DNS. Allow UDP and TCP 53 to it, unless a policy outside this workspace does.';
  return onKey(context, policy.at.egress, message, { severity: 'information' });
}

export default rule;
