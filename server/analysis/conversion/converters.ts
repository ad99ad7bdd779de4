import type { Api } from '../../model/api.ts';
import { entryOf } from '../../model/kinds.ts';
import type { Policy } from '../../model/policy.ts';
import { adminToCluster } from './admin-to-cluster.ts';
import { clusterNetworkPolicyToAntrea, networkPolicyToAntrea } from './to-antrea.ts';
import { clusterNetworkPolicyToCalico, networkPolicyToCalico } from './to-calico.ts';
import { networkPolicyToCilium } from './to-cilium.ts';
import { tierToCluster } from './to-cluster.ts';
import { toNetworkPolicy } from './to-networkpolicy.ts';
import type { ConversionOptions, ConversionResult, ConversionSource } from './result.ts';

/** What a policy may be converted to. */
export type ConversionTarget = 'networkpolicy' | 'clusternetworkpolicy' | 'cilium' | 'calico' | 'antrea';

/** All of them, in the order in which they are offered. */
export const CONVERSION_TARGETS: readonly [ConversionTarget, ...ConversionTarget[]] = [
  'networkpolicy',
  'clusternetworkpolicy',
  'cilium',
  'calico',
  'antrea',
];

/** A target as people call it. */
export const TARGET_TITLES: Readonly<Record<ConversionTarget, string>> = {
  networkpolicy: 'NetworkPolicy',
  clusternetworkpolicy: 'ClusterNetworkPolicy',
  cilium: 'Cilium',
  calico: 'Calico',
  antrea: 'Antrea',
};

/** Writes a policy in another API. */
export type Converter = (source: ConversionSource, options: ConversionOptions) => ConversionResult;

/** The converter of a policy to a target; `undefined` where there is none, as for what belongs to the target already. */
export function converterOf(policy: Policy, target: ConversionTarget): Converter | undefined {
  return CONVERTERS.find((one) => one.target === target && one.accepts(policy))?.convert;
}

/** Whose network plugin the source and the result are compared on; `undefined` where neither is of one. */
export function planeFor({ api }: Policy, target: ConversionTarget): Exclude<Api, 'kubernetes'> | undefined {
  if (target === 'cilium' || target === 'calico' || target === 'antrea') return target;
  return api === 'kubernetes' ? undefined : api;
}

interface Entry {
  readonly target: ConversionTarget;
  readonly accepts: (policy: Policy) => boolean;
  readonly convert: Converter;
}

const CONVERTERS: readonly Entry[] = [
  { target: 'clusternetworkpolicy', accepts: (policy) => entryOf(policy).successor !== undefined, convert: adminToCluster },
  { target: 'clusternetworkpolicy', accepts: ({ api, traits }) => api !== 'kubernetes' && traits.ordered, convert: tierToCluster },
  { target: 'networkpolicy', accepts: ({ api }) => api !== 'kubernetes', convert: toNetworkPolicy },
  { target: 'cilium', accepts: isNetworkPolicy, convert: networkPolicyToCilium },
  { target: 'calico', accepts: isNetworkPolicy, convert: networkPolicyToCalico },
  { target: 'antrea', accepts: isNetworkPolicy, convert: networkPolicyToAntrea },
  { target: 'calico', accepts: isTiered, convert: clusterNetworkPolicyToCalico },
  { target: 'antrea', accepts: isTiered, convert: clusterNetworkPolicyToAntrea },
];

function isNetworkPolicy({ api, traits }: Policy): boolean {
  return api === 'kubernetes' && traits.isolates;
}

/** A ClusterNetworkPolicy, or one of its predecessors. */
function isTiered({ api, traits }: Policy): boolean {
  return api === 'kubernetes' && traits.ordered;
}
