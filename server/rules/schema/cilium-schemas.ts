import cidrGroup from '../../../schemas/cilium/cidrgroup.json' with { type: 'json' };
import clusterwideNetworkPolicy from '../../../schemas/cilium/clusterwidenetworkpolicy.json' with { type: 'json' };
import networkPolicy from '../../../schemas/cilium/networkpolicy.json' with { type: 'json' };
import rule from '../../../schemas/cilium/rule.json' with { type: 'json' };
import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Cilium, by their `$id`. */
export const CILIUM_SCHEMAS: Readonly<Record<string, Schema>> = {
  'cilium-cidrgroup.json': cidrGroup,
  'cilium-clusterwidenetworkpolicy.json': clusterwideNetworkPolicy,
  'cilium-networkpolicy.json': networkPolicy,
  'cilium-rule.json': rule,
};
