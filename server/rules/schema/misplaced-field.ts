import { list, quote } from '../../base/english.ts';
import { movePairUp, reindented, replace, wrapPair } from '../../syntax/edit.ts';
import { columnAt } from '../../base/lines.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, pairOf, type MapNode, type Pair } from '../../syntax/tree.ts';
import type { ManifestView } from '../../analysis/context.ts';
import { dialectTerm, termInPlace, type FieldSuggestion } from './dialect-terms.ts';
import { besideNullList, fieldsOfOneItem, peerAmongPorts, ruleAmongPeers } from './misplaced-items.ts';
import { portAsProtocol, portsAsProtocols } from './ports-as-protocols.ts';
import { fieldOf, fieldsOf, itemOf, schemaOf, type SchemaPlace } from './schemas.ts';
import { underIndentedLabels, underIndentedPeer, underIndented } from './under-indented.ts';

/** Knows a field that belongs deeper, further out, or to another API. */
export function misplacedField(key: string, parent: Path, context: ManifestView): FieldSuggestion | undefined {
  const place = placeAt(parent, context);
  const { kind } = context;
  const node = context.at(parent);
  const map = node?.kind === 'map' ? node : undefined;
  const pair = pairOf(map, key);
  // The table below has the fields of Kubernetes only.
  if (kind?.api !== 'kubernetes' || !place || !map || !pair || map.pairs.length > MAX_MAP_FIELDS || !map.pairs.includes(pair))
    return undefined;
  return (
    (kind.portsField === 'protocols' && typeof parent.at(-1) === 'number'
      ? (portsAsProtocols(key, map, pair, context.text) ?? portAsProtocol(key, parent, map, context.text))
      : undefined) ??
    termInPlace(key, parent, map, pair, kind) ??
    oppositePeerField(key, parent, map, pair) ??
    redundantSelectorField(key, parent, map, pair, context) ??
    peerAmongPorts(key, parent, map, context.text, context.at) ??
    ruleAmongPeers(key, parent, map, context.text, context.at) ??
    besideNullList(key, place, map, pair, context.text) ??
    fieldsOfOneItem(key, place, map, pair, context.text) ??
    underIndented(key, place, map, pair, context.text) ??
    underIndentedPeer(key, place, parent, context.at(parent.slice(0, -1)), context.text) ??
    belongsBelow(key, place, map, pair, context) ??
    belongsAbove(key, parent, map, pair, context) ??
    belongsBeside(key, parent, context) ??
    dialectTerm(key, kind)
  );
}

/** A map of more fields is hardly a policy with a misplaced field, and a fix that moves them all would be long. */
const MAX_MAP_FIELDS = 500;

/** The schemas from the root down to a path; the last is that of the path. */
function placesTo(path: Path, { kind }: ManifestView): readonly SchemaPlace[] {
  let place = kind && schemaOf(kind);
  const places = place ? [place] : [];
  for (const step of path) {
    place = place && (typeof step === 'number' ? itemOf(place) : fieldOf(place, step));
    if (!place) return [];
    places.push(place);
  }
  return places;
}

function placeAt(path: Path, context: ManifestView): SchemaPlace | undefined {
  return placesTo(path, context).at(-1);
}

/** `from` in an egress rule, `to` in an ingress rule. */
function oppositePeerField(key: string, parent: Path, map: MapNode, pair: Pair): FieldSuggestion | undefined {
  const [direction, right] = parent.at(-2) === 'egress' ? ['Egress', 'to'] : ['Ingress', 'from'];
  const isRule = typeof parent.at(-1) === 'number' && (parent.at(-2) === 'egress' || parent.at(-2) === 'ingress');
  if (!isRule || (key !== 'from' && key !== 'to') || key === right) return undefined;
  const text = `${direction} rules have '${right}': they match connections ${right} the peers.`;
  const isFree = pairOf(map, right) === undefined && pair.key.kind === 'scalar' && pair.key.style === 'plain';
  return { text, fixes: isFree ? [{ title: `Change to '${right}'`, edits: [{ ...pair.key.span, text: right }], safe: false }] : [] };
}

/**
 * `namespaceSelector` under `namespaces`: there it once stood, beside `sameLabels` (kubernetes-sigs/network-policy-api v0.1.1
 * `apis/v1alpha1/shared_types.go`). Now `namespaces` is the selector.
 */
function redundantSelectorField(key: string, parent: Path, map: MapNode, pair: Pair, context: ManifestView): FieldSuggestion | undefined {
  if (key !== 'namespaceSelector' || parent.at(-1) !== 'namespaces') return undefined;
  const outer = context.at(parent.slice(0, -1));
  const entry = outer?.kind === 'map' ? pairOf(outer, 'namespaces') : undefined;
  const text = "'namespaces' is itself the selector, so its labels are written directly under it.";
  const { value } = pair;
  const isPlain = value.kind === 'map' && !value.hole && value.anchor === undefined && value.tag === undefined;
  if (!isPlain || map.pairs.length !== 1 || map.hole || entry?.value !== map) return { text, fixes: [] };
  const between = { start: entry.key.span.end, end: value.span.start };
  const edit = value.flow
    ? { ...between, end: value.span.end, text: `: ${context.text.slice(value.span.start, value.span.end)}` }
    : replace(map.span, reindented(context.text, value.span, columnAt(context.text, map.span.start)));
  if (context.text.slice(between.start, between.end).includes('#')) return { text, fixes: [] };
  return { text, fixes: [{ title: "Remove 'namespaceSelector'", edits: [edit], safe: false }] };
}

/** A field of something below this map: `podSelector` beside `from`, `ingress` beside `spec`, a label beside `matchLabels`. */
function belongsBelow(key: string, place: SchemaPlace, map: MapNode, pair: Pair, { text }: ManifestView): FieldSuggestion | undefined {
  const isLabel =
    fieldsOf(place).includes('matchLabels') && asScalar(pair.value) !== undefined && asScalar(pair.value)?.value.type !== 'null';
  const owners = fieldsOf(place).filter((name) => hasField(place, name, key) || (isLabel && name === 'matchLabels'));
  const [owner] = owners;
  if (owner === undefined) return undefined;
  const words = `It belongs under ${list(
    owners.map((name) => quote(name)),
    'or',
  )}.`;
  const field = fieldOf(place, owner);
  const entry = pairOf(map, owner);
  if (isLabel && entry && map.pairs.indexOf(entry) < map.pairs.indexOf(pair))
    return { text: words, fixes: underIndentedLabels(entry, place, map, text) };
  if (owners.length > 1 || !field || entry !== undefined || map.flow) return { text: words, fixes: [] };
  // Labels that stand side by side are all meant as labels: the first fix takes them along.
  const labels = isLabel ? map.pairs.filter(({ value }) => asScalar(value) !== undefined) : [pair];
  const last = labels.at(-1) ?? pair;
  const together = isLabel && labels.length === map.pairs.length ? { ...pair, span: { start: map.span.start, end: last.span.end } } : pair;
  return {
    text: words,
    fixes: [{ title: `Move it under '${owner}'`, edits: [wrapPair(text, together, owner, itemOf(field) !== undefined)], safe: isLabel }],
  };
}

/** A field of something around this map: `ports` in a peer, `policyTypes` in a selector. */
function belongsAbove(key: string, parent: Path, map: MapNode, pair: Pair, context: ManifestView): FieldSuggestion | undefined {
  const places = placesTo(parent, context);
  for (let depth = parent.length - 1; depth >= 0; depth--) {
    const place = places[depth];
    if (!place || !fieldsOf(place).includes(key)) continue;
    const path = parent.slice(0, depth);
    const outer = context.at(path);
    const entry = outer?.kind === 'map' ? pairOf(outer, String(parent[depth])) : undefined;
    const text = `It belongs one level up, next to ${quote(String(parent[depth]))}.`;
    if (outer?.kind !== 'map' || !entry || pairOf(outer, key) !== undefined) return { text, fixes: [] };
    const edits = movePairUp(context.text, map, pair, outer, entry);
    return { text, fixes: edits ? [{ title: `Move it next to '${String(parent[depth])}'`, edits, safe: false }] : [] };
  }
  return undefined;
}

/** A field of something beside what is around this map: `podSelector` in metadata, because the line `spec:` is missing or indented. */
function belongsBeside(key: string, parent: Path, context: ManifestView): FieldSuggestion | undefined {
  const places = placesTo(parent, context);
  for (let depth = parent.length - 1; depth >= 0; depth--) {
    const place = places[depth];
    const owners = place ? fieldsOf(place).filter((name) => name !== parent[depth] && hasField(place, name, key)) : [];
    if (owners.length > 0)
      return {
        text: `It belongs under ${list(
          owners.map((name) => quote(name)),
          'or',
        )}, next to ${quote(String(parent[depth]))}.`,
        fixes: [],
      };
  }
  return undefined;
}

/** Has a field of a map, or an item of it, this field? */
function hasField(place: SchemaPlace, name: string, key: string): boolean {
  const field = fieldOf(place, name);
  const inner = field && (itemOf(field) ?? field);
  return inner?.schema.properties !== undefined && Object.hasOwn(inner.schema.properties, key);
}
