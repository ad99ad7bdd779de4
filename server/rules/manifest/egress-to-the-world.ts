import { allowsAll } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import { networksIn } from '../../analysis/networks.ts';
import { subjectWords } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'egress-to-the-world',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  summary: 'A rule that allows egress to all addresses.',
  why: 'An attacker who takes over such a pod can send data anywhere, and with most network plugins reach every pod of the cluster as well. A list of blocks, or an egress proxy, limits this.',
  companions: ['v4-without-v6', 'metadata-address-reachable'],
  *check(context) {
    for (const { cidr, path, direction, rule, section } of networksIn(context.policy)) {
      if (cidr.prefix > 0 || direction !== 'egress' || rule.action !== 'Accept') continue;
      // Beside a rule for everything, narrowing this one would change nothing.
      if (section.rules.some(allowsAll)) continue;
      const who = subjectWords(context);
      yield onValue(
        context,
        path,
        `This block allows ${who} to connect to every IPv${cidr.family} address. List the blocks that are needed, if they are known.`,
      );
    }
  },
};

export default rule;
