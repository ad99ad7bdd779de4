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

/** Is it sure? Labels that are not known may be anything. */
export type Certainty = 'yes' | 'no' | 'maybe';

/** Does a selector match an object of which some labels are known? */
export function matchLabels({ requirements, unreadable }: LabelSelector, known: Labels): Certainty {
  if (unreadable !== undefined) return 'maybe';
  return all(requirements.map((requirement) => (Object.hasOwn(known, requirement.key) ? sure(holds(requirement, known)) : 'maybe')));
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
  return all([peers, numbered ? 'yes' : unsure ? 'maybe' : 'no']);
}

function matchPeer(peer: Peer, witness: Witness): Certainty {
  if (peer.kind === 'unreadable') return 'maybe';
  if (peer.kind === 'networks')
    // Most clusters speak IPv4, so only its addresses are sure to be meant.
    return any(peer.networks.map(({ cidr, except }) => (/^[\d.]+\/0$/.test(cidr) && except.length === 0 ? 'yes' : 'maybe')));
  if (witness.kind === 'outside') return peer.kind === 'pods' ? 'no' : 'maybe';
  if (peer.kind !== 'pods') return 'no';
  const sides = [matchScope(peer.namespaces, witness.namespace), matchLabels(peer.pods, witness.labels)];
  if (witness.complete !== true || all(sides) !== 'maybe') return all(sides);
  const namespaces = peer.namespaces.kind === 'own' || selects(peer.namespaces.selector, witness.namespace);
  return sure(namespaces && selects(peer.pods, witness.labels));
}

function sure(fact: boolean): Certainty {
  return fact ? 'yes' : 'no';
}

function all(parts: readonly Certainty[]): Certainty {
  if (parts.includes('no')) return 'no';
  return parts.includes('maybe') ? 'maybe' : 'yes';
}

function any(parts: readonly Certainty[]): Certainty {
  if (parts.includes('yes')) return 'yes';
  return parts.includes('maybe') ? 'maybe' : 'no';
}
