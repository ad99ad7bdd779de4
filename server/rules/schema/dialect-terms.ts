import type { JudgedKindEntry } from '../../model/kind.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { replace, scalarText } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, pairOf, type MapNode, type Pair } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';

/** What an unknown field is taken for, in words, and how to put it right. */
export interface FieldSuggestion {
  readonly text: string;
  readonly fixes: readonly Fix[];
}

/** Fields of other APIs, and of other objects, that people write in policies. */
export function dialectTerm(key: string, { kind }: JudgedKindEntry): FieldSuggestion | undefined {
  const text = DIALECT_TERMS.get(kind)?.get(key);
  return text === undefined ? undefined : { text, fixes: [] };
}

/** Words that mean one thing in one place, so that another place where the field exists is not what is looked for. */
export function termInPlace(key: string, parent: Path, map: MapNode, pair: Pair, kind: JudgedKindEntry): FieldSuggestion | undefined {
  const list = typeof parent.at(-1) === 'number' ? parent.at(-2) : undefined;
  if (key.startsWith('-') && key.length > 1) return missingSpaceAfterDash(pair);
  if (list === 'from' || list === 'to') return inPeer(key, map, pair, kind);
  return list === 'ports' && kind.fields?.includes('endPort') === true ? inPort(key, map, pair) : undefined;
}

/** `-from:` for `- from:`. */
function missingSpaceAfterDash({ key }: Pair): FieldSuggestion {
  const edits = [{ start: key.span.start + 1, end: key.span.start + 1, text: ' ' }];
  const isPlain = key.kind === 'scalar' && key.style === 'plain';
  return {
    text: 'The dash of an item must be followed by a space.',
    fixes: isPlain ? [{ title: 'Add a space after the dash', edits, safe: false }] : [],
  };
}

/** `namespace: shop` in a peer. */
function inPeer(key: string, map: MapNode, pair: Pair, kind: JudgedKindEntry): FieldSuggestion | undefined {
  if (key !== 'namespace') return undefined;
  const field = kind.traits?.namespaced === true ? 'namespaceSelector' : 'namespaces';
  const name = asScalar(pair.value)?.value;
  const written = name?.type === 'string' && !pair.value.hole ? name.value : 'NAME';
  const value = `{matchLabels: {${NAME_LABEL}: ${scalarText(written)}}}`;
  const text = `Namespaces are selected by their labels, by name with '${field}: ${value}'.`;
  const isFree = pairOf(map, field) === undefined && pair.key.kind === 'scalar' && pair.key.style === 'plain';
  if (!isFree || written === 'NAME' || pair.value.kind !== 'scalar') return { text, fixes: [] };
  const edits = [replace({ start: pair.key.span.start, end: pair.value.span.end }, `${field}: ${value}`)];
  return { text, fixes: [{ title: `Select namespace ${written} by its label`, edits, safe: false }] };
}

/** `targetPort: 8080`, `containerPort: 8080`, `name: http`. */
function inPort(key: string, map: MapNode, pair: Pair): FieldSuggestion | undefined {
  const text = PORT_WORDS.get(key);
  if (text === undefined) return undefined;
  const isFree =
    pairOf(map, 'port') === undefined && pair.value.kind === 'scalar' && pair.key.kind === 'scalar' && pair.key.style === 'plain';
  const fixes = isFree ? [{ title: "Change to 'port'", edits: [replace(pair.key.span, 'port')], safe: false }] : [];
  return { text, fixes };
}

const PODS_PORT = "Policies match the port of the pods, not of a Service. Write it in 'port'.";
const PORT_WORDS: ReadonlyMap<string, string> = new Map([
  ['targetPort', PODS_PORT],
  ['containerPort', PODS_PORT],
  ['number', "Write the number in 'port'."],
  ['portNumber', "Write the number in 'port'."],
  ['portRange', "Write the range with 'port' and 'endPort'."],
  ['name', "'port' is the number or the name of a container port; an item of 'ports' has no name."],
]);

const DENY =
  'A NetworkPolicy can only allow traffic. Use a ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) to deny traffic or to order rules.';

/** Gone since network-policy-api v0.1.2 (NPEP-122). */
const SAME_LABELS: readonly (readonly [string, string])[] = ['sameLabels', 'notSameLabels'].map((name): [string, string] => [
  name,
  'Early versions of the API could compare labels; now a peer is selected by the values of its labels.',
]);

const cilium = (name: string, here: string): readonly [string, string] => [
  name,
  `'${name}' is a field of Cilium policies. In this kind it is ${here}.`,
];
const calico = (name: string, here: string): readonly [string, string] => [
  name,
  `'${name}' is a field of Calico policies. In this kind it is ${here}.`,
];

const DIALECT_TERMS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'NetworkPolicy',
    new Map([
      ['action', DENY],
      ['priority', DENY],
      ['tier', DENY],
      ['ingressDeny', DENY],
      ['egressDeny', DENY],
      ['order', "'order' is a field of Calico policies (projectcalico.org/v3). NetworkPolicies have no order, because they are additive."],
      calico('selector', "'podSelector'"),
      calico('types', "'policyTypes'"),
      calico('source', "'from', a list of peers"),
      calico('destination', "'to', a list of peers, with 'ports' next to it"),
      calico('nets', "an 'ipBlock' with a 'cidr'"),
      ['appliedTo', "'appliedTo' is a field of Antrea policies. In this kind it is 'podSelector'."],
      cilium('endpointSelector', "'podSelector'"),
      cilium('fromEndpoints', "'from', with a 'podSelector' in each item"),
      cilium('toEndpoints', "'to', with a 'podSelector' in each item"),
      cilium('toPorts', "'ports'"),
      ...['fromCIDR', 'fromCIDRSet'].map((name) => cilium(name, "'from', with an 'ipBlock' in each item")),
      ...['toCIDR', 'toCIDRSet'].map((name) => cilium(name, "'to', with an 'ipBlock' in each item")),
      ['toFQDNs', 'Only a ClusterNetworkPolicy can match domain names; a NetworkPolicy matches addresses only.'],
      ['subject', "'subject' is a field of ClusterNetworkPolicies. In this kind it is 'podSelector'."],
      ['protocols', "'protocols' is a field of ClusterNetworkPolicies. In this kind it is 'ports'."],
      ['networks', "'networks' is a field of ClusterNetworkPolicies. In this kind it is an 'ipBlock' with a 'cidr'."],
      ['domainNames', 'Only a ClusterNetworkPolicy can match domain names; a NetworkPolicy matches addresses only.'],
      ['namespaces', "'namespaces' is a field of ClusterNetworkPolicies. In this kind it is 'namespaceSelector'."],
    ]),
  ],
  [
    'ClusterNetworkPolicy',
    new Map([
      ['policyTypes', 'A ClusterNetworkPolicy has no policyTypes: it applies to the directions that it has rules for.'],
      ['podSelector', "'podSelector' is a field of NetworkPolicies. In this kind it is 'subject' with 'pods' or 'namespaces'."],
      ['ipBlock', "'ipBlock' is a field of NetworkPolicies. In this kind it is 'networks', a list of CIDRs."],
      ['endPort', "'endPort' is a field of NetworkPolicies. In this kind it is 'destinationPort: {range: {start: …, end: …}}'."],
      ['order', "'order' is a field of Calico policies. In this kind it is 'priority', and the lowest number is evaluated first."],
      ...SAME_LABELS,
    ]),
  ],
  [
    'AdminNetworkPolicy',
    new Map([
      ['policyTypes', 'An AdminNetworkPolicy has no policyTypes: it applies to the directions that it has rules for.'],
      ['podSelector', "'podSelector' is a field of NetworkPolicies. In this kind it is 'subject' with 'pods' or 'namespaces'."],
      ['ipBlock', "'ipBlock' is a field of NetworkPolicies. In this kind it is 'networks', a list of CIDRs."],
      ['tier', 'Only a ClusterNetworkPolicy has a tier; an AdminNetworkPolicy is always in the Admin tier.'],
      ...SAME_LABELS,
    ]),
  ],
  [
    'BaselineAdminNetworkPolicy',
    new Map([
      ['policyTypes', 'A BaselineAdminNetworkPolicy has no policyTypes: it applies to the directions that it has rules for.'],
      ['podSelector', "'podSelector' is a field of NetworkPolicies. In this kind it is 'subject' with 'pods' or 'namespaces'."],
      ['priority', 'A cluster has only one BaselineAdminNetworkPolicy, so it has no priority.'],
      ['tier', 'Only a ClusterNetworkPolicy has a tier; a BaselineAdminNetworkPolicy is always in the Baseline tier.'],
      ...SAME_LABELS,
    ]),
  ],
]);
