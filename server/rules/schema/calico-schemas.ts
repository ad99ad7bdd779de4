import calicoGlobalNetworkPolicy from '../../../schemas/calico/globalnetworkpolicy.json' with { type: 'json' };
import calicoGlobalNetworkSet from '../../../schemas/calico/globalnetworkset.json' with { type: 'json' };
import calicoHostEndpoint from '../../../schemas/calico/hostendpoint.json' with { type: 'json' };
import calicoNetworkPolicy from '../../../schemas/calico/networkpolicy.json' with { type: 'json' };
import calicoNetworkSet from '../../../schemas/calico/networkset.json' with { type: 'json' };
import calicoPolicy from '../../../schemas/calico/policy.json' with { type: 'json' };
import calicoStagedGlobalNetworkPolicy from '../../../schemas/calico/stagedglobalnetworkpolicy.json' with { type: 'json' };
import calicoStagedKubernetesNetworkPolicy from '../../../schemas/calico/stagedkubernetesnetworkpolicy.json' with { type: 'json' };
import calicoStagedNetworkPolicy from '../../../schemas/calico/stagednetworkpolicy.json' with { type: 'json' };
import calicoTier from '../../../schemas/calico/tier.json' with { type: 'json' };
import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Calico, by their `$id`. */
export const CALICO_SCHEMAS: Readonly<Record<string, Schema>> = {
  'calico-globalnetworkpolicy.json': calicoGlobalNetworkPolicy,
  'calico-globalnetworkset.json': calicoGlobalNetworkSet,
  'calico-hostendpoint.json': calicoHostEndpoint,
  'calico-networkpolicy.json': calicoNetworkPolicy,
  'calico-networkset.json': calicoNetworkSet,
  'calico-policy.json': calicoPolicy,
  'calico-stagedglobalnetworkpolicy.json': calicoStagedGlobalNetworkPolicy,
  'calico-stagedkubernetesnetworkpolicy.json': calicoStagedKubernetesNetworkPolicy,
  'calico-stagednetworkpolicy.json': calicoStagedNetworkPolicy,
  'calico-tier.json': calicoTier,
};
