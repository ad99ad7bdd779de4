import type { Api } from './api.ts';
import { stageOfTier, type Policy } from './policy.ts';
import type { Tier } from './referenced.ts';

/** The tiers that every cluster of a network plugin has, with an object of their own or without; `eval/stages.ts` knows their order. */
const FIXED_TIERS: Readonly<Record<Api, readonly string[]>> = {
  kubernetes: [],
  cilium: [],
  calico: ['kube-admin', 'default', 'kube-baseline'],
  antrea: ['emergency', 'securityops', 'networkops', 'platform', 'application', 'baseline'],
};

/** The tier that a policy names and that is not there, so that nothing says where it stands; `undefined` where all is well. */
export function missingTier(
  { api, stage }: Pick<Policy, 'api' | 'stage'>,
  tiers: readonly Pick<Tier, 'api' | 'name'>[],
): string | undefined {
  const start = stageOfTier('');
  if (!stage.startsWith(start)) return undefined;
  const name = stage.slice(start.length);
  return FIXED_TIERS[api].includes(name) || tiers.some((tier) => tier.api === api && tier.name === name) ? undefined : name;
}
