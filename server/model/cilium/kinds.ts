import { finished } from '../../base/work.ts';
import type { JudgedKindEntry, PolicyKindEntry, SetKindEntry } from '../kind.ts';
import type { Traits } from '../traits.ts';
import { ciliumKinds } from '../unevaluated/cilium.ts';
import { readCidrGroup } from './cidr-group.ts';
import { readPolicy } from './read-policy.ts';
import { ciliumWriter } from './write.ts';

const SHARED = { api: 'cilium', group: 'cilium.io', version: 'v2', formerly: [], channels: false } as const;
const TRAITS: Omit<Traits, 'namespaced'> = { ordered: false, isolates: true, denies: true, hostNetwork: false, builtIn: false };

/** How a policy is read in a cluster that another network plugin serves. */
function unevaluated(kind: string): Pick<PolicyKindEntry, 'unevaluated'> {
  const entry = ciliumKinds.find((one) => one.kind === kind);
  return entry ? { unevaluated: entry } : {};
}

const POLICY = {
  ...SHARED,
  role: 'policy',
  alike: [],
  docs: 'https://docs.cilium.io/en/stable/security/policy/',
  fields: ['endpointSelector', 'toPorts'],
  actions: new Map([
    ['Accept', 'Allow'],
    ['Deny', 'Deny'],
  ] as const),
  portsField: 'ports',
  write: ciliumWriter,
} as const;

const ciliumNetworkPolicy: PolicyKindEntry = {
  ...POLICY,
  ...unevaluated('CiliumNetworkPolicy'),
  kind: 'CiliumNetworkPolicy',
  plural: 'ciliumnetworkpolicies',
  scope: 'Namespaced',
  summary: 'Allows and denies traffic of pods in its own namespace, up to HTTP requests and DNS names; a deny overrides every allow.',
  traits: { ...TRAITS, namespaced: true },
  scopeOfPods: 'own',
  read: (root) => finished(readPolicy(root, { kind: 'CiliumNetworkPolicy', traits: ciliumNetworkPolicy.traits })),
  readWork: (root) => readPolicy(root, { kind: 'CiliumNetworkPolicy', traits: ciliumNetworkPolicy.traits }),
};

const ciliumClusterwideNetworkPolicy: PolicyKindEntry = {
  ...POLICY,
  ...unevaluated('CiliumClusterwideNetworkPolicy'),
  kind: 'CiliumClusterwideNetworkPolicy',
  plural: 'ciliumclusterwidenetworkpolicies',
  scope: 'Cluster',
  summary: 'Allows and denies traffic of pods of every namespace, or of nodes; a deny overrides every allow.',
  traits: { ...TRAITS, namespaced: false },
  scopeOfPods: 'all',
  read: (root) => finished(readPolicy(root, { kind: 'CiliumClusterwideNetworkPolicy', traits: ciliumClusterwideNetworkPolicy.traits })),
  readWork: (root) => readPolicy(root, { kind: 'CiliumClusterwideNetworkPolicy', traits: ciliumClusterwideNetworkPolicy.traits }),
};

const ciliumCidrGroup: SetKindEntry = {
  ...SHARED,
  role: 'set',
  alike: ['v2alpha1'],
  kind: 'CiliumCIDRGroup',
  plural: 'ciliumcidrgroups',
  scope: 'Cluster',
  summary: 'Names address blocks outside the cluster, for Cilium policies to refer to.',
  docs: 'https://docs.cilium.io/en/stable/network/kubernetes/ciliumcidrgroup/',
  read: readCidrGroup,
};

/** The kinds of Cilium that are judged. */
export const CILIUM_KINDS: readonly JudgedKindEntry[] = [ciliumNetworkPolicy, ciliumClusterwideNetworkPolicy, ciliumCidrGroup];
