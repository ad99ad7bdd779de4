import { quote } from '../../base/english.ts';
import { entriesOf, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, podsSelectedBy } from '../../analysis/cilium-overlap.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';
import { bitMembers, has } from '../../eval/bits.ts';
import { workloadName } from '../../eval/names.ts';
import { matchesDnsPattern } from '../../model/cilium/dns-pattern.ts';
import type { Peer, Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-name-pattern',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'high',
  summary: 'A pattern of names that nearly matches a host to which the pods connect.',
  why: 'In a matchPattern, `*` stands for characters of one label: `*.example.com` matches `api.example.com`, and neither `a.b.example.com` nor `example.com`. A leading `**.` (Cilium 1.19 and later) matches any number of labels. A host that no pattern matches is denied, although its domain is in the policy.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      for (const { pattern, peer } of patternsOf(part)) {
        const missed = missedHost(context, part, pattern);
        if (!missed) continue;
        const { workload, host, domain } = missed;
        const what = host === domain ? 'the domain itself is not part of it' : "'*' stays within one label";
        const way =
          host === domain ? `Add 'matchName: ${domain}'.` : `Write '**.${domain}' (Cilium 1.19 and later), or one '*' for each label.`;
        const message = `The host ${quote(host)}, to which ${workloadName(workload)} connects, does not match ${quote(pattern)}: ${what}. ${way}`;
        yield onValue(context, [...peer.path, 'matchPattern'], message, { fixes: host === domain ? [] : fixes(context, peer, domain) });
      }
    }
  },
};

export default rule;

interface Pattern {
  readonly pattern: string;
  readonly peer: Peer;
}

function patternsOf(part: Policy): readonly Pattern[] {
  return entriesOf(part).flatMap(({ rule: { peers, action } }) =>
    peers === 'any' || action !== 'Accept'
      ? []
      : peers.flatMap((peer) => (peer.kind === 'domainNames' ? peer.domainNames.map((pattern) => ({ pattern, peer })) : [])),
  );
}

interface Missed {
  readonly workload: Workload;
  readonly host: string;
  /** What stands behind the wildcard. */
  readonly domain: string;
}

/** A host of the domain of a pattern that pods of the part connect to and that nothing in their policies matches. */
function missedHost(context: WorkspaceContext, part: Policy, pattern: string): Missed | undefined {
  const domain = /^\*\.([^*]+)$/.exec(pattern.toLowerCase().replace(/\.$/, ''))?.[1];
  if (domain === undefined) return undefined;
  const evaluation = context.evaluation();
  for (const id of bitMembers(podsSelectedBy(evaluation, part))) {
    for (const workload of evaluation.space.classes[id]?.members ?? []) {
      const host = (workload.client?.hosts ?? [])
        .map((one) => one.host.toLowerCase())
        .find((one) => one === domain || one.endsWith(`.${domain}`));
      if (host === undefined) continue;
      const all = partsIn(context.cluster.policies).filter((other) => has(podsSelectedBy(evaluation, other.part), id));
      const names = all.flatMap((other) => patternsOf(other.part));
      if (!names.some((one) => matchesDnsPattern(one.pattern, host))) return { workload, host, domain };
    }
  }
  return undefined;
}

function fixes({ at }: WorkspaceContext, peer: Peer, domain: string): readonly Fix[] {
  const node = at([...peer.path, 'matchPattern']);
  const text = `**.${domain}`;
  return node?.kind === 'scalar'
    ? [{ title: `Change to '${text}'`, edits: [replace(node.span, likeScalar(text, node))], safe: false }]
    : [];
}
