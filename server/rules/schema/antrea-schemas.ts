import antreaClusterGroup from '../../../schemas/antrea/clustergroup.json' with { type: 'json' };
import antreaClusterNetworkPolicy from '../../../schemas/antrea/clusternetworkpolicy.json' with { type: 'json' };
import antreaCommon from '../../../schemas/antrea/common.json' with { type: 'json' };
import antreaGroup from '../../../schemas/antrea/group.json' with { type: 'json' };
import antreaNetworkPolicy from '../../../schemas/antrea/networkpolicy.json' with { type: 'json' };
import antreaTier from '../../../schemas/antrea/tier.json' with { type: 'json' };
import type { Schema } from './schema-words.ts';

/** The schemas of the kinds of Antrea, by their `$id`. */
export const ANTREA_SCHEMAS: Readonly<Record<string, Schema>> = {
  'antrea-clustergroup.json': antreaClusterGroup,
  'antrea-clusternetworkpolicy.json': antreaClusterNetworkPolicy,
  'antrea-common.json': antreaCommon,
  'antrea-group.json': antreaGroup,
  'antrea-networkpolicy.json': antreaNetworkPolicy,
  'antrea-tier.json': antreaTier,
};
