import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';
import { splitEntry } from '../repair/split-entry.ts';

const rule: ManifestRule = rejectionRule({
  code: 'icmp',
  summary: 'ICMP together with ports in one entry, or an ICMP message of the other address family.',
  why: 'Cilium rejects a policy with `icmps` and `toPorts` in one entry, and names of ICMP messages that the address family does not have. Two entries with the same peers mean either of them.',
  fixes: ({ path, mistake }, context) =>
    mistake === 'toPorts' ? splitEntry(context, path.slice(0, -1), 'toPorts', 'icmps', 'Write an entry for ports and one for ICMP') : [],
});

export default rule;
