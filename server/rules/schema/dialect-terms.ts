import type { PolicyKindEntry } from '../../model/kind.ts';
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
export function dialectTerm(key: string, { kind }: PolicyKindEntry): FieldSuggestion | undefined {
  const text = DIALECT_TERMS.get(kind)?.get(key);
  return text === undefined ? undefined : { text, fixes: [] };
}

/** Words that mean one thing in one place, so that another place where the field exists is not what is looked for. */
export function termInPlace(key: string, parent: Path, map: MapNode, pair: Pair, kind: PolicyKindEntry): FieldSuggestion | undefined {
  const list = typeof parent.at(-1) === 'number' ? parent.at(-2) : undefined;
  if (key.startsWith('-') && key.length > 1) return missingSpaceAfterDash(pair);
  if (list === 'from' || list === 'to') return inPeer(key, map, pair, kind);
  return list === 'ports' && kind.fields.includes('endPort') ? inPort(key, map, pair) : undefined;
}

/** `-from:` for `- from:`. */
function missingSpaceAfterDash({ key }: Pair): FieldSuggestion {
  const edits = [{ start: key.span.start + 1, end: key.span.start + 1, text: ' ' }];
  const isPlain = key.kind === 'scalar' && key.style === 'plain';
  return {
    text: 'A dash that starts a list item needs a space behind it.',
    fixes: isPlain ? [{ title: 'Put a space behind the dash', edits, safe: false }] : [],
  };
}

/** `namespace: shop` in a peer. */
function inPeer(key: string, map: MapNode, pair: Pair, kind: PolicyKindEntry): FieldSuggestion | undefined {
  if (key !== 'namespace') return undefined;
  const field = kind.traits.namespaced ? 'namespaceSelector' : 'namespaces';
  const name = asScalar(pair.value)?.value;
  const written = name?.type === 'string' && !pair.value.hole ? name.value : 'NAME';
  const value = `{matchLabels: {${NAME_LABEL}: ${scalarText(written)}}}`;
  const text = `Namespaces are chosen by their labels, by name with '${field}: ${value}'.`;
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

const PODS_PORT = "Policies are about the port of the pods, not of a Service: it stands in 'port'.";
const PORT_WORDS: ReadonlyMap<string, string> = new Map([
  ['targetPort', PODS_PORT],
  ['containerPort', PODS_PORT],
  ['number', "The number stands in 'port'."],
  ['portNumber', "The number stands in 'port'."],
  ['portRange', "A range is a 'port' and an 'endPort'."],
  ['name', "'port' takes the number, or the name of a container port; an item has no name of its own."],
]);

const DENY =
  'A NetworkPolicy can only allow; denying, and an order of rules, is what ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) is for.';

/** Gone since network-policy-api v0.1.2 (NPEP-122). */
const SAME_LABELS: readonly (readonly [string, string])[] = ['sameLabels', 'notSameLabels'].map((name): [string, string] => [
  name,
  'Early versions of the API could compare labels; now a peer is chosen by the values of its labels.',
]);

const cilium = (name: string, here: string): readonly [string, string] => [name, `Cilium policies have '${name}'; here it is ${here}.`];
const calico = (name: string, here: string): readonly [string, string] => [name, `Calico policies have '${name}'; here it is ${here}.`];

const DIALECT_TERMS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'NetworkPolicy',
    new Map([
      ['action', DENY],
      ['priority', DENY],
      ['tier', DENY],
      ['ingressDeny', DENY],
      ['egressDeny', DENY],
      ['order', 'Calico policies (projectcalico.org/v3) have an order; NetworkPolicies have none, because all of them add up.'],
      calico('selector', "'podSelector'"),
      calico('types', "'policyTypes'"),
      calico('source', "'from', a list of peers"),
      calico('destination', "'to', a list of peers, with 'ports' beside it"),
      calico('nets', "an 'ipBlock' with a 'cidr'"),
      ['appliedTo', "Antrea policies have 'appliedTo'; here it is 'podSelector'."],
      cilium('endpointSelector', "'podSelector'"),
      cilium('fromEndpoints', "'from', with a 'podSelector' in each item"),
      cilium('toEndpoints', "'to', with a 'podSelector' in each item"),
      cilium('toPorts', "'ports'"),
      ...['fromCIDR', 'fromCIDRSet'].map((name) => cilium(name, "'from', with an 'ipBlock' in each item")),
      ...['toCIDR', 'toCIDRSet'].map((name) => cilium(name, "'to', with an 'ipBlock' in each item")),
      ['toFQDNs', 'Only ClusterNetworkPolicies can name domains; a NetworkPolicy knows addresses only.'],
      ['subject', "ClusterNetworkPolicies have a 'subject'; here it is 'podSelector'."],
      ['protocols', "ClusterNetworkPolicies have 'protocols'; here it is 'ports'."],
      ['networks', "ClusterNetworkPolicies have 'networks'; here it is an 'ipBlock' with a 'cidr'."],
      ['domainNames', 'Only ClusterNetworkPolicies can name domains; a NetworkPolicy knows addresses only.'],
      ['namespaces', "ClusterNetworkPolicies have 'namespaces'; here it is 'namespaceSelector'."],
    ]),
  ],
  [
    'ClusterNetworkPolicy',
    new Map([
      ['policyTypes', 'A ClusterNetworkPolicy needs no policyTypes: it acts in the directions that it has rules for.'],
      ['podSelector', "NetworkPolicies have 'podSelector'; here it is 'subject', with 'pods' or 'namespaces' in it."],
      ['ipBlock', "NetworkPolicies have 'ipBlock'; here it is 'networks', a list of CIDRs."],
      ['endPort', "NetworkPolicies have 'endPort'; here it is 'destinationPort: {range: {start: …, end: …}}'."],
      ['order', "Calico policies have 'order'; here it is 'priority', and the lowest number comes first."],
      ...SAME_LABELS,
    ]),
  ],
  [
    'AdminNetworkPolicy',
    new Map([
      ['policyTypes', 'An AdminNetworkPolicy needs no policyTypes: it acts in the directions that it has rules for.'],
      ['podSelector', "NetworkPolicies have 'podSelector'; here it is 'subject', with 'pods' or 'namespaces' in it."],
      ['ipBlock', "NetworkPolicies have 'ipBlock'; here it is 'networks', a list of CIDRs."],
      ['tier', 'Only ClusterNetworkPolicies name their tier; an AdminNetworkPolicy is always in the Admin tier.'],
      ...SAME_LABELS,
    ]),
  ],
  [
    'BaselineAdminNetworkPolicy',
    new Map([
      ['policyTypes', 'A BaselineAdminNetworkPolicy needs no policyTypes: it acts in the directions that it has rules for.'],
      ['podSelector', "NetworkPolicies have 'podSelector'; here it is 'subject', with 'pods' or 'namespaces' in it."],
      ['priority', 'There is only one BaselineAdminNetworkPolicy, so it needs no priority.'],
      ['tier', 'Only ClusterNetworkPolicies name their tier; a BaselineAdminNetworkPolicy is always in the Baseline tier.'],
      ...SAME_LABELS,
    ]),
  ],
]);
