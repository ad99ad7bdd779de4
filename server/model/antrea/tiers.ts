/** The tiers that Antrea creates itself (antrea `pkg/controller/networkpolicy/tier.go`), the one that is evaluated first first. */
export const BUILT_IN_TIERS: readonly { readonly name: string; readonly priority: number }[] = [
  { name: 'emergency', priority: 50 },
  { name: 'securityops', priority: 100 },
  { name: 'networkops', priority: 150 },
  { name: 'platform', priority: 200 },
  { name: 'application', priority: 250 },
  { name: 'baseline', priority: 253 },
];

/** Their names before they were objects, which are still accepted (`staticTierSet`). */
const FORMER_NAMES = ['Emergency', 'SecurityOps', 'NetworkOps', 'Platform', 'Application', 'Baseline'];

/** The tier of policies that name none. */
const DEFAULT_TIER = 'application';

/** May a tier have this name: is it a built-in one, or could a Tier object have it? */
export function isTierName(name: string): boolean {
  return FORMER_NAMES.includes(name) || /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** The name of the Tier object that a policy means: `SecurityOps` is `securityops`, an empty name is the default tier. */
export function tierNamed(name: string): string {
  if (name === '') return DEFAULT_TIER;
  return FORMER_NAMES.includes(name) ? name.toLowerCase() : name;
}

/** Is it the tier that comes after the NetworkPolicies? */
export function isBaselineTier(name: string): boolean {
  return name.toLowerCase() === 'baseline';
}
