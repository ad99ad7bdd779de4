import { list, quote } from '../../base/english.ts';
import { entriesOf, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, selectsAllOf } from '../../analysis/cilium-overlap.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';
import { coversPattern } from '../../model/cilium/dns-pattern.ts';
import type { Policy } from '../../model/policy.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-names-without-lookups',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'medium',
  summary: 'Names in `toFQDNs` whose lookups do not go through the proxy of Cilium.',
  why: 'Cilium learns the addresses of a name from the DNS answers that its proxy sees, and the proxy sees only lookups that an entry with `rules.dns` allows. Without such an entry for the pods, or where it does not allow the name, `toFQDNs` matches no address and connections time out.',
  noFix: 'Which DNS servers the pods ask, and in which policy the entry belongs, is for the author to say.',
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
        yield onValue(context, path, message);
        if (!lookups) break;
      }
    }
  },
};

export default rule;

/** The names that the pods of a rule may look up through the proxy; `undefined` where no entry about them is about lookups. */
function lookupsOf(context: WorkspaceContext, part: Policy): readonly string[] | undefined {
  const evaluation = context.evaluation();
  const found = partsIn(context.cluster.policies)
    .filter((other) => other.part === part || selectsAllOf(evaluation, other.part, part))
    .flatMap((other) => entriesOf(other.part).flatMap(({ rule: entry }) => (entry.lookups ? [entry.lookups] : [])));
  return found.length === 0 ? undefined : [...new Set(found.flat())];
}
