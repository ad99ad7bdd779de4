import type { ManifestContext } from './rule.ts';

/**
 * Does the API server reject sloppy CIDRs (host bits, leading zeros, IPv4 inside IPv6)? NetworkPolicy since 1.36, where
 * StrictIPCIDRValidation is on by default (measured, APISERVER.md); ClusterNetworkPolicy never minds host bits.
 */
export function isStrictAboutCidrs({ kind, settings }: Pick<ManifestContext, 'kind' | 'settings'>): boolean {
  return kind?.traits.builtIn === true && Number(settings.kubernetesVersion.split('.')[1]) >= 36;
}
