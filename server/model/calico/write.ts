import type { ManifestValue, PeerRequest, RuleRequest, RuleWriter } from '../rule-request.ts';
import type { Labels } from '../selector.ts';
import { quoted } from './selector/expression.ts';

/** Writes rules that `readCalicoPolicy` reads. A rule has one source and one destination, so several peers need a selector for all. */
export const calicoWriter: RuleWriter = {
  rule: ({ direction, action, peers, ports }, namespace) => {
    const peer = peerValue(peers, namespace);
    const protocols = new Set(ports.map(({ protocol }) => protocol));
    const [protocol] = protocols;
    if (!peer || protocols.size > 1) return undefined;
    const numbers: readonly ManifestValue[] = ports.map(({ port }) => port);
    const end = direction === 'ingress' ? 'source' : 'destination';
    const destination = { ...(end === 'destination' ? peer : {}), ...(numbers.length > 0 ? { ports: numbers } : {}) };
    return {
      action: ACTIONS[action],
      ...(protocol === undefined ? {} : { protocol }),
      ...(end === 'source' && Object.keys(peer).length > 0 ? { source: peer } : {}),
      ...(Object.keys(destination).length > 0 ? { destination } : {}),
    };
  },
};

const ACTIONS: Readonly<Record<RuleRequest['action'], string>> = { Accept: 'Allow', Deny: 'Deny', Pass: 'Pass' };

type Fields = Readonly<Record<string, ManifestValue>>;

/** `undefined` where one end of a rule cannot say it: several peers of different kinds, or in different namespaces. */
function peerValue(peers: readonly PeerRequest[], namespace: string | undefined): Fields | undefined {
  const [first, ...more] = peers;
  if (!first) return {};
  if (more.length > 0)
    return peers.every((peer) => peer.kind === 'address')
      ? { nets: peers.flatMap((peer) => (peer.kind === 'address' ? [peer.cidr] : [])) }
      : undefined;
  if (first.kind === 'address') return { nets: [first.cidr] };
  const selector = labelText(first.labels);
  if (first.namespace === undefined) return { selector, namespaceSelector: 'all()' };
  if (first.namespace === namespace) return { selector };
  return { selector, namespaceSelector: `projectcalico.org/name == ${quoted(first.namespace, "'")}` };
}

/** A selector for labels; `all()` for none. */
function labelText(labels: Labels): string {
  const terms = Object.entries(labels).map(([key, value]) => `${key} == ${quoted(value, "'")}`);
  return terms.length === 0 ? 'all()' : terms.join(' && ');
}
