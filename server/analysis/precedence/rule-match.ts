import { allOf, anyOf, sure, type Certainty } from '../../base/certainty.ts';
import { hasTraffic, type Protocol } from '../../base/ports.ts';
import { holds, selects, type Labels, type LabelSelector } from '../../model/selector.ts';
import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import type { NamespaceScope, Peer, Rule } from '../../model/policy.ts';
import { trafficIn } from '../networks.ts';

/** The other end of a connection, as far as it is known without the cluster: a pod with some labels, or some address outside. */
export type Witness =
  | {
      readonly kind: 'pod';
      readonly namespace: Labels;
      readonly labels: Labels;
      /** It has these labels and no others. */
      readonly complete?: true;
      readonly protocol: Protocol;
      readonly port: number;
    }
  | { readonly kind: 'outside'; readonly protocol: Protocol; readonly port: number };

/** The DNS server of most clusters. */
export const DNS_POD: { readonly namespace: Labels; readonly labels: Labels } = {
  namespace: { [NAME_LABEL]: KUBE_SYSTEM },
  labels: { 'k8s-app': 'kube-dns' },
};

/** Does a selector match an object of which some labels are known? */
export function matchLabels({ requirements, unreadable }: LabelSelector, known: Labels): Certainty {
  if (unreadable !== undefined) return 'unknown';
  return all(requirements.map((requirement) => (Object.hasOwn(known, requirement.key) ? sure(holds(requirement, known)) : 'unknown')));
}

/** Does a scope hold a namespace of which some labels are known? */
export function matchScope(scope: NamespaceScope, known: Labels): Certainty {
  return scope.kind === 'own' ? sure(known[NAME_LABEL] === scope.namespace) : matchLabels(scope.selector, known);
}

/** Does a rule match a witness? */
export function matchOf(rule: Rule, witness: Witness): Certainty {
  const peers = rule.peers === 'any' ? 'yes' : any(rule.peers.map((peer) => matchPeer(peer, witness)));
  const numbered = hasTraffic(trafficIn(rule), witness.protocol, witness.port);
  const unsure = rule.ports !== 'any' && rule.ports.some(({ kind }) => kind !== 'range');
  return all([peers, numbered ? 'yes' : unsure ? 'unknown' : 'no']);
}

function matchPeer(peer: Peer, witness: Witness): Certainty {
  if (peer.kind === 'unreadable') return 'unknown';
  if (peer.kind === 'networks')
    // Most clusters speak IPv4, so only its addresses are sure to be meant.
    return any(peer.networks.map(({ cidr, except }) => (/^[\d.]+\/0$/.test(cidr) && except.length === 0 ? 'yes' : 'unknown')));
  if (witness.kind === 'outside') return peer.kind === 'pods' ? 'no' : 'unknown';
  if (peer.kind !== 'pods') return 'no';
  const sides = [matchScope(peer.namespaces, witness.namespace), matchLabels(peer.pods, witness.labels)];
  if (witness.complete !== true || all(sides) !== 'unknown') return all(sides);
  const namespaces = peer.namespaces.kind === 'own' || selects(peer.namespaces.selector, witness.namespace);
  return sure(namespaces && selects(peer.pods, witness.labels));
}

function all(parts: readonly Certainty[]): Certainty {
  return allOf(parts, (part) => part);
}

function any(parts: readonly Certainty[]): Certainty {
  return anyOf(parts, (part) => part);
}
