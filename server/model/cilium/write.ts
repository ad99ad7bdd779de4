import type { ManifestValue, PeerRequest, RuleRequest, RuleWriter } from '../rule-request.ts';
import { peerValues, selectorValue } from '../rule-writer.ts';
import type { Direction } from '../policy.ts';
import type { Labels } from '../selector.ts';

/** Writes entries as `read-policy.ts` reads them. */
export const ciliumWriter: RuleWriter = { rule: writeRule, isolation: writeIsolation };

/** All peers of an entry must be of one kind. */
function writeRule({ direction, action, peers, ports }: RuleRequest, own: string | undefined): ManifestValue | undefined {
  if (action === 'Pass') return undefined;
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const isPods = peers.every(({ kind }) => kind === 'pods');
  if (!isPods && peers.some(({ kind }) => kind === 'pods')) return undefined;
  const list = peerValues(peers, (peer) => writePeer(peer, own));
  if (!list) return undefined;
  // Without peers an entry matches all of them, but only together with ports.
  const anyPeer = ports.length === 0 ? { [`${prefix}Entities`]: ['all'] } : {};
  const named = list.length === 0 ? anyPeer : { [`${prefix}${isPods ? 'Endpoints' : 'CIDR'}`]: list };
  const toPorts = [{ ports: ports.map(({ protocol, port }) => ({ port: String(port), protocol })) }];
  return { ...named, ...(ports.length === 0 ? {} : { toPorts }) };
}

function writePeer(peer: PeerRequest, own: string | undefined): ManifestValue {
  if (peer.kind === 'address') return peer.cidr;
  const elsewhere = peer.namespace === undefined || peer.namespace === own ? {} : { 'k8s:io.kubernetes.pod.namespace': peer.namespace };
  if (peer.namespace === undefined && own !== undefined) {
    const anywhere = [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }];
    return Object.keys(peer.labels).length === 0
      ? { matchExpressions: anywhere }
      : { matchLabels: peer.labels, matchExpressions: anywhere };
  }
  return selectorValue({ ...elsewhere, ...peer.labels });
}

function writeIsolation(
  name: string,
  namespace: string | undefined,
  labels: Labels,
  direction: Direction,
  rules: readonly ManifestValue[] = [],
): ManifestValue {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { endpointSelector: selectorValue(labels), [direction]: rules.length === 0 ? [{}] : rules },
  };
}
