import { replace, scalarText, type Edit } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, isMerge, pairOf, type MapNode, type Node, type Pair } from '../../syntax/tree.ts';
import type { FieldSuggestion } from './dialect-terms.ts';

/** The fields of an item of `ports` in NetworkPolicies (networking.k8s.io/v1) and AdminNetworkPolicies (v1alpha1). */
const PORT_FIELDS: readonly string[] = ['protocol', 'port', 'endPort', 'portNumber', 'portRange', 'namedPort'];

/** Is the field one of an item of `ports`, which stands in an item of `protocols`? */
export function isPortField(key: string, parent: Path): boolean {
  return typeof parent.at(-1) === 'number' && parent.at(-2) === 'protocols' && PORT_FIELDS.includes(key);
}

/** `ports` in a rule of a ClusterNetworkPolicy: there the field is `protocols`, and its items look different. */
export function portsAsProtocols(key: string, map: MapNode, pair: Pair, text: string): FieldSuggestion | undefined {
  if (key !== 'ports') return undefined;
  const words = "'ports' is a field of NetworkPolicies and AdminNetworkPolicies. In this kind it is 'protocols'.";
  const { value } = pair;
  const isFree = pairOf(map, 'protocols') === undefined && pair.key.kind === 'scalar' && pair.key.style === 'plain';
  if (!isFree || value.kind !== 'seq' || value.hole || value.items.length === 0) return { text: words, fixes: [] };
  const edits = value.items.map((item) => itemEdit(item.value, text));
  if (!edits.every((edit) => edit !== undefined)) return { text: words, fixes: [] };
  const title = "Convert to 'protocols'";
  return { text: words, fixes: [{ title, edits: [replace(pair.key.span, 'protocols'), ...edits], safe: false }] };
}

/** `protocol: TCP` and `port: 80` in an item of `protocols`. */
export function portAsProtocol(key: string, parent: Path, map: MapNode, text: string): FieldSuggestion | undefined {
  if (!isPortField(key, parent)) return undefined;
  const written = protocolText(map);
  const words = `In this kind, the port is a field of its protocol: '${written ?? 'tcp: {destinationPort: {number: 80}}'}'.`;
  const edit = itemEdit(map, text);
  return { text: words, fixes: edit && written !== undefined ? [{ title: `Write '${written}'`, edits: [edit], safe: false }] : [] };
}

/** Puts what an item of `ports` says into the words of `protocols`; `undefined` where that is not sure, or a comment would be lost. */
function itemEdit(item: Node, text: string): Edit | undefined {
  if (item.kind !== 'map' || item.hole || item.anchor !== undefined || item.tag !== undefined) return undefined;
  const written = protocolText(item);
  if (written === undefined || text.slice(item.span.start, item.span.end).includes('#')) return undefined;
  const end = item.span.start + text.slice(item.span.start, item.span.end).trimEnd().length;
  return replace({ start: item.span.start, end }, item.flow ? `{${written}}` : written);
}

/** An item of `protocols` that says what an item of `ports` says; the Kubernetes default of `protocol` is TCP. */
function protocolText(item: MapNode): string | undefined {
  if (item.pairs.length === 0 || item.pairs.some((pair) => isMerge(pair) || !PORT_FIELDS.includes(pair.name ?? ''))) return undefined;
  const inner = innerMap(item);
  if (inner) return protocolOf(inner.map, inner.from, inner.to);
  const named = wordAt(item, 'namedPort');
  if (named !== undefined && item.pairs.length === 1) return `destinationNamedPort: ${scalarText(named)}`;
  const [port, endPort] = [pairOf(item, 'port'), pairOf(item, 'endPort')];
  const name = port && wordAt(item, 'port');
  if (name !== undefined && Number.isNaN(Number(name))) return endPort ? undefined : `destinationNamedPort: ${scalarText(name)}`;
  return protocolOf(item, 'port', 'endPort');
}

/** `portNumber: {protocol, port}` or `portRange: {protocol, start, end}`, alone in its item. */
function innerMap(item: MapNode): { readonly map: MapNode; readonly from: string; readonly to: string } | undefined {
  const [only, ...more] = item.pairs;
  if (!only || more.length > 0 || only.value.kind !== 'map') return undefined;
  if (only.name === 'portNumber') return { map: only.value, from: 'port', to: 'port' };
  return only.name === 'portRange' ? { map: only.value, from: 'start', to: 'end' } : undefined;
}

function protocolOf(map: MapNode, from: string, to: string): string | undefined {
  const protocol = pairOf(map, 'protocol') ? wordAt(map, 'protocol') : 'TCP';
  if (protocol === undefined || !/^(?:TCP|UDP|SCTP)$/i.test(protocol)) return undefined;
  const destination = portText(map, from, to);
  return destination && `${protocol.toLowerCase()}: {destinationPort: {${destination}}}`;
}

/** Without a port it is every port, which has to be written as a range. */
function portText(map: MapNode, from: string, to: string): string | undefined {
  if (!pairOf(map, from)) return pairOf(map, to) ? undefined : 'range: {start: 1, end: 65535}';
  const first = numberAt(map, from);
  const last = pairOf(map, to) ? numberAt(map, to) : first;
  if (first === undefined || last === undefined) return undefined;
  return first === last ? `number: ${first}` : `range: {start: ${first}, end: ${last}}`;
}

function wordAt(map: MapNode, name: string): string | undefined {
  const scalar = asScalar(pairOf(map, name)?.value);
  return scalar && !scalar.hole && scalar.value.type !== 'null' ? scalar.text : undefined;
}

function numberAt(map: MapNode, name: string): number | undefined {
  const text = wordAt(map, name);
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}
