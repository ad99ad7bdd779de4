import { hasTraffic } from '../../base/ports.ts';
import { list } from '../../base/english.ts';
import { bitMembers } from '../../eval/bits.ts';
import type { Endpoint } from '../../eval/evaluate.ts';
import type { Step } from '../../eval/explain.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Located } from '../../workspace/cluster.ts';
import { acceptDns } from '../repair/accept-dns.ts';
import { denyingSteps, deniedPorts, denyIn, mayHoldDns, reachesNodeCache } from '../../analysis/required-connections/dns-blocked.ts';
import { clientIn, dnsServers, type DnsServer } from '../../analysis/dns-servers.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { DNS_POD } from '../../analysis/precedence/rule-match.ts';
import { ruleName } from '../../analysis/connection-words.ts';
import { trafficIn } from '../../analysis/networks.ts';
import { acceptedNames, isReadable } from '../../analysis/policy-parts.ts';
import { stepPlaces } from '../../analysis/witness/pairs.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { aboutPodsOf, decidingRuleOf } from '../../analysis/precedence/tier-match.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'domain-names-without-dns',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Domain names are accepted, but the pods cannot send DNS queries to resolve them.',
  why: 'Implementations learn the addresses of a name from the DNS responses that pods receive, and pods need the response to connect. Accepting a name does not allow DNS.',
  companions: ['channel-field', 'deny-networks-blocks-pods'],
  *check(context) {
    const policy = policyIn(context);
    const accepted = policy ? acceptedNames(policy.value) : [];
    if (!policy || accepted.length === 0 || !isReadable(policy.value, policy.value.at.egress)) return;
    const servers = dnsServers(context.cluster);
    const blocked = servers.length > 0 ? blockedInWorkspace(context, policy.value, servers) : blockedInText(context, policy);
    if (!blocked) return;
    for (const { peer } of accepted)
      yield onValue(context, [...peer.path, 'domainNames'], blocked.message, { related: blocked.related, fixes: blocked.fixes });
  },
};

export default rule;

interface BlockedNames {
  readonly message: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** Classes of pods that are asked about, at most. */
const MAX_CLASSES = 200;

/** The pods of the policy whose questions to the known DNS are denied, by whichever policy. */
function blockedInWorkspace(context: WorkspaceContext, policy: Policy, servers: readonly DnsServer[]): BlockedNames | undefined {
  const evaluation = context.evaluation();
  const blocked = bitMembers(subjectBits(evaluation.space, policy))
    .slice(0, MAX_CLASSES)
    .flatMap((id) => clientIn(evaluation.space.classes[id]?.members ?? [], servers) ?? [])
    .filter((workload) => isBlocked(context, workload, servers));
  const [workload] = blocked;
  const [server] = servers;
  const port = server?.ports.find(({ protocol }) => protocol === 'UDP') ?? server?.ports[0];
  if (!workload || !server || !port) return undefined;
  const closing = denyingSteps(context, workload, server, port);
  const [first] = closing;
  if (!first || mayHoldDns(context, { kind: 'workload', workload }, server, port, denyIn(first))) return undefined;
  const who = list(blocked.map(workloadName), 'and', 3);
  const connection = `${port.protocol} ${port.port} to ${workloadName(server.workload.value)}`;
  const way = first.action === 'Isolated' ? 'Allow DNS there, or accept it in a rule of this policy.' : 'Accept DNS in an earlier rule.';
  return {
    message: `Pods of ${who} cannot resolve these names: ${connection} is denied${by(first)}. ${way}`,
    related: stepPlaces(closing.slice(0, 4)),
    fixes: fixesFor(context, policy, first),
  };
}

/** Does no server get the questions that names begin with, those over UDP? Without TCP only long answers are lost. */
function isBlocked(context: WorkspaceContext, workload: Workload, servers: readonly DnsServer[]): boolean {
  const from: Endpoint = { kind: 'workload', workload };
  const denied = servers.map((server) => deniedPorts(context, from, server));
  return denied.every((ports) => ports.some(({ protocol }) => protocol === 'UDP')) && !reachesNodeCache(context, from);
}

function by({ policy, kind }: Step): string {
  return policy === undefined || kind === undefined ? '' : ` by ${kind} ${policy}`;
}

function fixesFor(context: WorkspaceContext, policy: Policy, step: Step): readonly Fix[] {
  const rule = step.at?.policy === policy ? policy.egress?.rules.find(({ path }) => path === step.at?.path) : undefined;
  return rule ? [acceptDns(context, policy, rule, 'egress')].filter((fix) => fix !== undefined) : [];
}

/** Without a DNS in the workspace: does a Deny of the tier decide about the one that most clusters have? */
function blockedInText(context: WorkspaceContext, policy: Located<Policy>): BlockedNames | undefined {
  const witness = { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 } as const;
  const decider = decidingRuleOf(context.cluster, policy, 'egress', witness, aboutPodsOf(policy.value));
  if (decider?.rule.action !== 'Deny' || decider.before.some(speaksOfDns)) return undefined;
  const own = decider.policy.value === policy.value;
  const fix = own ? acceptDns(context, policy.value, decider.rule, 'egress') : undefined;
  return {
    message: `The pods cannot resolve these names: ${own ? 'a rule of this policy' : ruleName(decider)} denies UDP 53 to the DNS pods. Accept DNS in an earlier rule.`,
    related: [{ key: decider.policy.key, path: decider.rule.path, message: 'Denies DNS.' }],
    fixes: fix ? [fix] : [],
  };
}

/** The DNS pods listen on 53, those of OpenShift on 5353, node-local caches on 8053 at times; who opens one of these means DNS. */
function speaksOfDns(rule: Rule): boolean {
  return rule.action !== 'Deny' && rule.ports !== 'any' && [53, 5353, 8053].some((port) => hasTraffic(trafficIn(rule), 'UDP', port));
}
