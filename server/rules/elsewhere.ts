import type { Path } from '../syntax/path.ts';
import type { Fix } from './finding.ts';
import type { ManifestContext } from './rule.ts';

/** Where a field that does not exist here does exist, in words, and how to bring it there. */
export interface Elsewhere {
  readonly text: string;
  readonly fixes: readonly Fix[];
}

/** Knows a field that belongs to another place or another API. */
export function elsewhere(key: string, _parent: Path, context: ManifestContext): Elsewhere | undefined {
  const kind = context.kind?.kind;
  const other = kind === undefined ? undefined : OTHER_APIS[kind]?.[key];
  return other === undefined ? undefined : { text: other, fixes: [] };
}

const DENY = 'A NetworkPolicy can only allow; denying, and an order of rules, is what ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) is for.';

/** Fields of one API that people write in another. */
const OTHER_APIS: Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>> = {
  NetworkPolicy: {
    action: DENY,
    priority: DENY,
    tier: DENY,
    order: 'Calico policies have an order (projectcalico.org/v3); NetworkPolicies have none, because all of them add up.',
    selector: "Calico policies have 'selector'; here it is 'podSelector'.",
    types: "Calico policies have 'types'; here it is 'policyTypes'.",
    endpointSelector: "Cilium policies have 'endpointSelector'; here it is 'podSelector'.",
    subject: "ClusterNetworkPolicies have a 'subject'; here it is 'podSelector'.",
    protocols: "ClusterNetworkPolicies have 'protocols'; here it is 'ports'.",
    networks: "ClusterNetworkPolicies have 'networks'; here it is an 'ipBlock' with a 'cidr'.",
    domainNames: 'Only ClusterNetworkPolicies can name domains; a NetworkPolicy knows addresses only.',
  },
  ClusterNetworkPolicy: {
    podSelector: "NetworkPolicies have 'podSelector' there; here it stands under 'pods'.",
    policyTypes: 'A ClusterNetworkPolicy needs no policyTypes: it acts in the directions that it has rules for.',
    ipBlock: "NetworkPolicies have 'ipBlock'; here it is 'networks', a list of CIDRs.",
    ports: "NetworkPolicies and AdminNetworkPolicies have 'ports'; here it is 'protocols'.",
  },
};
