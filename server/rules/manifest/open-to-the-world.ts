import { formatTraffic, isAllTraffic, isNoTraffic } from '../../base/ports.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import { networksIn, trafficIn } from '../../analysis/networks.ts';
import { subjectWords } from '../../analysis/policy-parts.ts';
import { withFields } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'open-to-the-world',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  about: withFields('ipBlock'),
  summary: 'A rule that allows ingress from all addresses.',
  why: 'A block with prefix length 0 includes every address. This is right for a public entry point and for little else; with most network plugins it includes the pods of the cluster too.',
  companions: ['v4-without-v6'],
  *check(context) {
    for (const { cidr, path, direction, rule, section } of networksIn(context.policy)) {
      if (cidr.prefix > 0 || direction !== 'ingress') continue;
      // Beside a rule for everything, narrowing this one would change nothing.
      if (section.rules.some(allowsAll)) continue;
      const traffic = trafficIn(rule);
      const what = isAllTraffic(traffic) ? 'every port' : isNoTraffic(traffic) ? 'the named ports' : formatTraffic(traffic);
      const who = `every IPv${cidr.family} address can connect to ${subjectWords(context)}`;
      yield onValue(
        context,
        path,
        `${who.charAt(0).toUpperCase()}${who.slice(1)} on ${what}. List the blocks that need access, if not all do.`,
      );
    }
  },
};

export default rule;
