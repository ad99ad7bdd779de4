import type { Peer } from '../../model/policy.ts';
import { onValue } from '../draft.ts';
import { DANGEROUS_PORTS } from '../../analysis/known-ports.ts';
import { picksAll, rulesIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'dangerous-port',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  profile: 'strict',
  summary: 'A port of an administrative or data service is open to all sources.',
  why: 'Attackers try SSH, database and control ports first. Such a port rarely needs to be reachable from the whole cluster, and hardly ever from outside it.',
  *check(context) {
    for (const { rule, direction } of rulesIn(context.policy)) {
      if (direction !== 'ingress' || rule.action !== 'Accept' || rule.ports === 'any') continue;
      if (rule.peers !== 'any' && !rule.peers.some(isAnySource)) continue;
      for (const port of rule.ports) {
        const service =
          port.kind === 'range' && port.from === port.to && port.protocol === 'TCP' ? DANGEROUS_PORTS.get(port.from) : undefined;
        if (service === undefined || port.kind !== 'range') continue;
        const path = context.kind?.traits?.builtIn === true ? (port.at[0] ?? port.path) : port.path;
        yield onValue(context, path, `TCP ${port.from} (${service}) is open to all sources. Select the pods that need it.`);
      }
    }
  },
};

export default rule;

function isAnySource(peer: Peer): boolean {
  if (peer.kind === 'networks') return peer.networks.some(({ cidr }) => /\/0$/.test(cidr));
  return peer.kind === 'pods' && peer.namespaces.kind === 'selected' && picksAll(peer.namespaces.selector) && picksAll(peer.pods);
}
