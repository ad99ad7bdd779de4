import { finished } from '../../base/work.ts';
import type { JudgedKindEntry, PolicyKindEntry, SetKindEntry, TierKindEntry } from '../kind.ts';
import type { RuleAction } from '../policy.ts';
import { calicoKinds, stagedKind } from '../unevaluated/calico.ts';
import { readNetworkSet } from './networkset.ts';
import { NO_ENDPOINT } from '../endpoint-set.ts';
import { readCalicoPolicy } from './policy.ts';
import { readStagedKubernetesPolicy } from './staged-kubernetes.ts';
import { readCalicoTier } from './tier.ts';
import { calicoWriter } from './write.ts';

const DOCS = 'https://docs.tigera.io/calico/latest/reference/resources/';

/** What all kinds of Calico share; the storage form in the API server has the same fields. */
const SHARED = {
  api: 'calico',
  group: 'projectcalico.org',
  version: 'v3',
  alike: ['crd.projectcalico.org/v1'],
  formerly: [],
  channels: false,
} as const;

const ACTIONS: ReadonlyMap<RuleAction, string> = new Map([
  ['Accept', 'Allow'],
  ['Deny', 'Deny'],
  ['Pass', 'Pass'],
  ['Log', 'Log'],
]);

interface PolicyKindWords extends Pick<PolicyKindEntry, 'kind' | 'plural' | 'summary'> {
  readonly isGlobal: boolean;
  readonly isStaged: boolean;
}

function policyEntry({ kind, plural, summary, isGlobal, isStaged }: PolicyKindWords): PolicyKindEntry {
  const traits = { ordered: true, isolates: false, denies: true, namespaced: !isGlobal, hostNetwork: false, builtIn: false };
  const unevaluated = isStaged
    ? stagedKind(kind, plural, isGlobal ? 'Cluster' : 'Namespaced')
    : calicoKinds.find((one) => one.kind === kind);
  return {
    role: 'policy',
    ...SHARED,
    kind,
    plural,
    scope: isGlobal ? 'Cluster' : 'Namespaced',
    summary,
    docs: `${DOCS}${isGlobal ? 'globalnetworkpolicy' : 'networkpolicy'}`,
    traits,
    fields: ['selector', 'types', 'nets', 'order', 'tier'],
    actions: ACTIONS,
    portsField: 'ports',
    scopeOfPods: isGlobal ? 'all' : 'own',
    write: calicoWriter,
    read: (root) => finished(readCalicoPolicy(root, { kind, isGlobal, isStaged, traits })),
    readWork: (root) => readCalicoPolicy(root, { kind, isGlobal, isStaged, traits }),
    ...(unevaluated ? { unevaluated } : {}),
  };
}

const tier: TierKindEntry = {
  role: 'tier',
  ...SHARED,
  kind: 'Tier',
  plural: 'tiers',
  scope: 'Cluster',
  summary: 'A group of policies with a place in the order of tiers, and what happens at its end.',
  docs: `${DOCS}tier`,
  read: readCalicoTier,
};

function setEntry(kind: 'NetworkSet' | 'GlobalNetworkSet', summary: string): SetKindEntry {
  return {
    role: 'set',
    ...SHARED,
    kind,
    plural: `${kind.toLowerCase()}s`,
    scope: kind === 'NetworkSet' ? 'Namespaced' : 'Cluster',
    summary,
    docs: `${DOCS}${kind.toLowerCase()}`,
    read: (root) => readNetworkSet(root, kind),
  };
}

/** An interface of a node. Policies select it, but it takes no part in verdicts, which are about pods. */
const hostEndpoint: SetKindEntry = {
  ...setEntry('NetworkSet', 'An interface of a node as an endpoint: global policies select it by its labels.'),
  kind: 'HostEndpoint',
  plural: 'hostendpoints',
  scope: 'Cluster',
  docs: `${DOCS}hostendpoint`,
  read: (root) => {
    const { namespace: _, ...read } = readNetworkSet(root, 'NetworkSet');
    return { ...read, kind: 'HostEndpoint', members: NO_ENDPOINT, words: 'an interface of a node', unreadable: [] };
  },
};

/** The kinds of Calico that are judged. */
export const CALICO_KINDS: readonly JudgedKindEntry[] = [
  policyEntry({
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    summary: 'Ordered rules for pods of its own namespace: the first rule that matches decides, and the tier about the rest.',
    isGlobal: false,
    isStaged: false,
  }),
  policyEntry({
    kind: 'GlobalNetworkPolicy',
    plural: 'globalnetworkpolicies',
    summary:
      'Ordered rules for pods of any namespace, and for host endpoints: the first rule that matches decides, and the tier about the rest.',
    isGlobal: true,
    isStaged: false,
  }),
  policyEntry({
    kind: 'StagedNetworkPolicy',
    plural: 'stagednetworkpolicies',
    summary: 'A Calico NetworkPolicy that is not in force: Calico only reports what it would do.',
    isGlobal: false,
    isStaged: true,
  }),
  policyEntry({
    kind: 'StagedGlobalNetworkPolicy',
    plural: 'stagedglobalnetworkpolicies',
    summary: 'A Calico GlobalNetworkPolicy that is not in force: Calico only reports what it would do.',
    isGlobal: true,
    isStaged: true,
  }),
  {
    ...policyEntry({
      kind: 'StagedKubernetesNetworkPolicy',
      plural: 'stagedkubernetesnetworkpolicies',
      summary: 'A NetworkPolicy of Kubernetes that is not in force: Calico only reports what it would do.',
      isGlobal: false,
      isStaged: true,
    }),
    read: readStagedKubernetesPolicy,
  },
  tier,
  setEntry('NetworkSet', 'Address blocks with labels, which rules select as they select pods of the namespace.'),
  hostEndpoint,
  setEntry('GlobalNetworkSet', 'Address blocks with labels, which belong to no namespace.'),
];
