import { quote } from '../../base/english.ts';
import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'named-port-for-addresses',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: withFields('ipBlock'),
  summary: 'A port by name for addresses outside the cluster.',
  why: 'A port name is resolved in the containers of the destination pod. Addresses outside the cluster have no containers, so the rule allows nothing there.',
  *check(context) {
    for (const { rule, direction } of rulesIn(context.policy)) {
      if (direction !== 'egress' || rule.peers === 'any' || rule.ports === 'any') continue;
      if (rule.peers.length === 0 || rule.peers.some((peer) => peer.kind !== 'networks')) continue;
      for (const port of rule.ports) {
        if (port.kind !== 'named') continue;
        yield onValue(
          context,
          [...port.path, 'port'],
          `Addresses have no port names, so ${quote(port.name)} matches nothing. Write the port as a number.`,
        );
      }
    }
  },
};

export default rule;
