import { list, quote } from '../../base/english.ts';
import { entriesOf, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, selectsAllOf, selectsSameAs } from '../../analysis/cilium-overlap.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';
import { coversPattern } from '../../model/cilium/dns-pattern.ts';
import { trafficIn } from '../../analysis/networks.ts';
import { hasTraffic } from '../../base/ports.ts';
import { anyRule, type Policy, type Rule } from '../../model/policy.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-names-without-lookups',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'medium',
  summary: "Names in `toFQDNs` whose lookups do not go through Cilium's DNS proxy.",
  why: 'Cilium learns the addresses of a name from the DNS answers that its proxy sees, and the proxy sees only lookups that an entry with `rules.dns` allows. Without such an entry for the pods, or where it does not allow the name, `toFQDNs` matches no address and connections time out.',
  noFix: 'Only the author knows which DNS servers the pods query, and in which policy the entry belongs.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      const names = entriesOf(part).flatMap(({ rule: { peers, action } }) =>
        peers === 'any' || action !== 'Accept' ? [] : peers.flatMap((peer) => (peer.kind === 'domainNames' ? [peer] : [])),
      );
      if (names.length === 0) continue;
      const lookups = lookupsOf(context, part);
      for (const { domainNames, path } of names) {
        const [name = ''] = domainNames;
        if (lookups?.some((pattern) => coversPattern(pattern, name))) continue;
        const message = lookups
          ? `The pods may not look up ${quote(name)}: their entries with 'rules.dns' allow ${list(
              lookups.map((one) => quote(one)),
              'and',
              3,
            )} only, so Cilium never learns an address for it. Add the name there.`
          : `Cilium never learns an address for ${quote(name)}, because no entry for these pods has 'rules.dns'. Add 'rules: {dns: [{matchPattern: "*"}]}' to the entry that allows DNS.`;
        // Where no policy of the workspace allows DNS to these pods, one elsewhere does, and may read the lookups.
        yield onValue(context, path, message, lookups || allowsDns(context, part) ? {} : { severity: 'information' });
        if (!lookups) break;
      }
    }
  },
};

export default rule;

/** Does some policy about these pods allow DNS? */
function allowsDns(context: WorkspaceContext, part: Policy): boolean {
  const evaluation = context.evaluation();
  const isDns = ({ action, ports, peers }: Rule): boolean =>
    action === 'Accept' &&
    (peers === 'any' || peers.length > 0) &&
    (ports === 'any' || hasTraffic(trafficIn({ ...anyRule(), ports }), 'UDP', 53));
  const own = partsIn(context.cluster.policies)
    .filter((other) => other.part === part || selectsSameAs(evaluation, other.part, part))
    .some((other) => other.part.egress?.rules.some(isDns) === true);
  const upstream = context.cluster.policies.filter(({ value }) => value.api === 'kubernetes' && value.egress?.rules.some(isDns) === true);
  return own || upstream.some(({ value }) => selectsSameAs(evaluation, value, part));
}

/** The names that the pods of a rule may look up through the proxy; `undefined` where no entry about them is about lookups. */
function lookupsOf(context: WorkspaceContext, part: Policy): readonly string[] | undefined {
  const evaluation = context.evaluation();
  const found = partsIn(context.cluster.policies)
    .filter((other) => other.part === part || selectsAllOf(evaluation, other.part, part))
    .flatMap((other) => entriesOf(other.part).flatMap(({ rule: entry }) => (entry.lookups ? [entry.lookups] : [])));
  return found.length === 0 ? undefined : [...new Set(found.flat())];
}
