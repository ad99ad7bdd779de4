import { formatIp } from '../../base/ip.ts';
import { hasTraffic } from '../../base/ports.ts';
import { bitMembers } from '../../eval/bits.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import type { Policy } from '../../model/policy.ts';
import { dnsCache, type DnsCache } from '../../analysis/required-connections/dns-cache.ts';
import { clientIn, dnsServers } from '../../analysis/dns-servers.ts';
import { isFullyReadable } from '../../analysis/required-connections/open-to.ts';
import { DNS_POD, matchOf } from '../../analysis/precedence/rule-match.ts';
import { policyIn } from '../../analysis/selection.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { itemBehind } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'dns-cache-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'Pods that can query the DNS pods, but not the DNS cache of their node.',
  why: 'With NodeLocal DNSCache, pods send their queries to an address of their own node, where a pod in the host network answers. No selector matches it. A policy that allows the DNS pods only denies these queries, and lookups fail with timeouts.',
  *check(context) {
    const policy = policyIn(context)?.value;
    const cache = dnsCache(context.cluster);
    if (!cache || !policy?.egress || !isForDns(policy)) return;
    const evaluation = context.evaluation();
    const servers = dnsServers(context.cluster);
    for (const id of bitMembers(subjectBits(evaluation.space, policy)).slice(0, MAX_CLASSES)) {
      const client = clientIn(evaluation.space.classes[id]?.members ?? [], servers);
      if (!client || client === cache.workload.value || !isFullyReadable(evaluation, 'egress', id) || isAllowed(evaluation, id, cache))
        continue;
      // One of several policies that allow DNS to these pods reports it.
      if (evaluation.podPolicies.egress[id]?.policies.find(({ value }) => isForDns(value))?.value !== policy) continue;
      const address = addressOf(cache);
      const message = `NodeLocal DNSCache answers the DNS queries of pods at ${address} on their node, and ${workloadName(client)} -> ${address} UDP 53 is denied by this policy. Allow that address too.`;
      const related = [{ key: cache.workload.key, path: cache.workload.value.labelsPath, message: 'This is the DNS cache of each node.' }];
      yield onKey(context, policy.at.egress, message, { related, fixes: allowing(context, policy, address) });
      return;
    }
  },
};

export default rule;

/** How many classes of pods are examined. */
const MAX_CLASSES = 200;

/** Does a policy allow DNS to pods? */
function isForDns({ egress }: Policy): boolean {
  const witness = { kind: 'pod', ...DNS_POD, complete: true, protocol: 'UDP', port: 53 } as const;
  return (egress?.rules ?? []).some((one) => one.action === 'Accept' && one.peers !== 'any' && matchOf(one, witness) !== 'no');
}

function isAllowed(evaluation: Evaluation, id: number, { addresses }: DnsCache): boolean {
  return addresses.some((ip) => {
    const cache = endpointIndex(evaluation, { kind: 'address', ip });
    return hasTraffic(evaluation.outcome('egress', id, cache).maybe, 'UDP', 53);
  });
}

/** The link-local address, where there is one: the other is that of the Service. */
function addressOf({ addresses }: DnsCache): string {
  const texts = addresses.map(({ family, value }) => formatIp(family, value));
  return texts.find((text) => text.startsWith('169.254.')) ?? texts[0] ?? '';
}

function allowing({ at, text }: WorkspaceContext, policy: Policy, address: string): readonly Fix[] {
  if (!policy.traits.isolates) return [];
  const block = `${address}/${address.includes(':') ? 128 : 32}`;
  const ports = 'ports:\n- port: 53\n  protocol: UDP\n- port: 53\n  protocol: TCP';
  const edit = itemBehind(text, at(policy.at.egress), `to:\n- ipBlock:\n    cidr: ${block}\n${ports}`);
  return edit ? [{ title: `Allow egress to ${address}`, edits: [edit], safe: false }] : [];
}
