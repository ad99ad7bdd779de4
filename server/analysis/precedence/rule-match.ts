import { allOf, sure, type Certainty } from '../../base/certainty.ts';
import { hasTraffic, type Protocol } from '../../base/ports.ts';
import { isInSet, matchesLabels, peersSet, type KnownEndpoint, type KnownLabels } from '../../model/endpoint-set.ts';
import type { Labels, LabelSelector } from '../../model/selector.ts';
import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import type { NamespaceScope, Rule } from '../../model/policy.ts';
import { trafficIn } from '../networks.ts';

/** The peer of a connection, as far as it is known without the cluster: a pod with some labels, or some address outside. */
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
export function matchLabels(selector: LabelSelector, labels: Labels): Certainty {
  return selector.unreadable === undefined ? matchesLabels(selector, { labels, open: true }) : 'unknown';
}

/** Does a scope hold a namespace of which some labels are known? */
export function matchScope(scope: NamespaceScope, labels: Labels): Certainty {
  return scope.kind === 'own' ? sure(labels[NAME_LABEL] === scope.namespace) : matchLabels(scope.selector, labels);
}

/** Does a rule match a witness? Pods on the host network are left aside. */
export function matchOf(rule: Rule, witness: Witness): Certainty {
  const peers = isInSet(peersSet(rule.peers, true), endpointOf(witness));
  const numbered = hasTraffic(trafficIn(rule), witness.protocol, witness.port);
  const unsure = rule.ports !== 'any' && rule.ports.some(({ kind }) => kind !== 'range');
  const onPort: Certainty = numbered ? 'yes' : unsure ? 'unknown' : 'no';
  return allOf([peers, onPort], (part) => part);
}

function endpointOf(witness: Witness): KnownEndpoint {
  if (witness.kind === 'outside') return { addresses: 'unknown', node: 'unknown' };
  const partialLabels = (labels: Labels): KnownLabels => ({ labels, open: witness.complete !== true });
  const namespaceName = witness.namespace[NAME_LABEL] ?? '';
  return {
    pod: { labels: partialLabels(witness.labels), namespace: partialLabels(witness.namespace), namespaceName },
    addresses: 'unknown',
  };
}
