import { resolvePlain, type ScalarValue } from '../../syntax/scalar.ts';
import {
  asMap,
  content,
  pairsOf,
  type MapNode,
  type Node,
  type Origin,
  type Pair,
  type ScalarNode,
  type SeqNode,
} from '../../syntax/tree.ts';

/** What a build makes is nowhere in a text. */
const NO_SPAN = { start: 0, end: 0 } as const;

/** A string. `origin` says where it was written. */
export function stringNode(text: string, origin?: Origin): ScalarNode {
  return scalarNode(text, { type: 'string', value: text }, 'double', origin);
}

/** A scalar as it would be read without quotes: `80` is a number, `web` a string. */
export function plainNode(text: string, origin?: Origin): ScalarNode {
  return scalarNode(text, plainValue(text), 'plain', origin);
}

function scalarNode(text: string, value: ScalarValue, style: ScalarNode['style'], origin: Origin | undefined): ScalarNode {
  return { kind: 'scalar', style, text, value, span: NO_SPAN, hole: OPEN.test(text), ...(origin ? { origin } : {}) };
}

/** What something fills in later, such as Flux: it makes the value unknown. */
const OPEN = /\$\{|\$\([A-Za-z_]|\{\{/;

/** A map of these fields. */
export function mapNode(fields: readonly (readonly [name: string, value: Node])[], origin?: Origin): MapNode {
  const pairs = fields.map(([name, value]): Pair => ({ key: stringNode(name), name, value, span: NO_SPAN }));
  return { kind: 'map', flow: false, pairs, span: NO_SPAN, hole: false, ...(origin ? { origin } : {}) };
}

/** A list of these items. */
export function listNode(items: readonly Node[], like?: SeqNode): SeqNode {
  const list = items.map((value) => ({ value, span: value.span }));
  return like ? { ...like, items: list } : { kind: 'seq', flow: false, items: list, span: NO_SPAN, hole: false };
}

/** The map with a field set; without it where the value is `undefined`. The map itself where nothing changes. */
export function withField(map: MapNode, name: string, value: Node | undefined): MapNode {
  const pairs = pairsOf(map);
  const at = pairs.findLastIndex((pair) => pair.name === name);
  const existing = pairs[at];
  if (existing?.value === value) return map;
  if (value === undefined) return { ...map, pairs: pairs.filter((pair) => pair.name !== name) };
  if (existing) return { ...map, pairs: pairs.with(at, { ...existing, value }) };
  return { ...map, pairs: [...pairs, { key: stringNode(name), name, value, span: NO_SPAN }] };
}

/** The value with its place of writing noted, where it has none of its own. */
export function placed(node: Node, origin: Origin | undefined): Node {
  return node.origin || !origin ? node : { ...node, origin };
}

/** The place of a field of something written at a place. */
export function below(origin: Origin | undefined, step: string | number): Origin | undefined {
  return origin && { written: origin.written, path: [...origin.path, step] };
}

/** Where the value at a path of a tree was written; `root` says where the tree itself was. */
export function originAt(root: Node, place: Origin, path: Origin['path']): Origin {
  let origin = root.origin ?? place;
  let at: Node | undefined = root;
  for (const step of path) {
    const inner: Node | undefined = at && childAt(at, step);
    origin = inner?.origin ?? { written: origin.written, path: [...origin.path, step] };
    at = inner;
  }
  return origin;
}

function childAt(node: Node, step: string | number): Node | undefined {
  const at = content(node);
  if (at?.kind === 'seq') return typeof step === 'number' ? at.items[step]?.value : undefined;
  return at?.kind === 'map' ? pairsOf(at).findLast((pair) => pair.name === step)?.value : undefined;
}

/** The files that values of a tree were brought in from. */
export function* writtenIn(node: Node): Generator<string> {
  if (node.origin) yield fileOf(node.origin);
  const at = content(node);
  if (at?.kind === 'map') for (const { value } of at.pairs) yield* writtenIn(value);
  if (at?.kind === 'seq') for (const { value } of at.items) yield* writtenIn(value);
}

/** The file that a place is in. */
export function fileOf({ written }: Origin): string {
  return written.field ? fileOf(written.field) : written.uri;
}

/** The text of a scalar as it stands in the YAML (`80`, `web`); `undefined` for anything else. */
export function textOfScalar(node: Node | undefined): string | undefined {
  const at = node && content(node);
  return at?.kind === 'scalar' && !(at.value.type === 'null' && at.text === '') ? at.text : undefined;
}

/** Is it `null` or without a value? */
export function isNothing(node: Node | undefined): boolean {
  const at = node && content(node);
  return at === undefined || (at.kind === 'scalar' && at.value.type === 'null' && !at.hole);
}

/** A string map, such as labels: the values in their own letters. */
export function stringsIn(node: Node | undefined): ReadonlyMap<string, string> {
  const map = asMap(node);
  const found = new Map<string, string>();
  for (const { name, value } of map ? pairsOf(map) : []) {
    const text = textOfScalar(value);
    if (name !== undefined && text !== undefined) found.set(name, text);
  }
  return found;
}

/** The words that YAML 1.1 takes for booleans and kustomize does not (kyaml reads with YAML 1.2's words). */
const OLD_BOOLEAN = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;

/** What kustomize makes of an unquoted scalar. */
export function plainValue(text: string): ScalarValue {
  return OLD_BOOLEAN.test(text) ? { type: 'string', value: text } : resolvePlain(text);
}

/** What kustomize makes of a scalar: `on` stays a string, which YAML 1.1 takes for a boolean. */
function valueOfScalar(scalar: ScalarNode): ScalarValue {
  return scalar.style === 'plain' && scalar.tag === undefined && scalar.value.type === 'bool' ? plainValue(scalar.text) : scalar.value;
}

// oxlint-disable-next-line unicorn/no-null -- JSON has it, and for kustomize a null is not the same as nothing
const NULL = null;

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The value as JSON has it. `strict` reads it as kubectl does (YAML 1.1), else as kustomize does. */
export function jsonOf(node: Node, strict: boolean = false): Json {
  const at = content(node);
  if (!at) return NULL;
  if (at.kind === 'seq') return at.items.map(({ value }) => jsonOf(value, strict));
  if (at.kind === 'map') {
    const fields = pairsOf(at).flatMap(({ name, value }) => (name === undefined ? [] : [[name, jsonOf(value, strict)] as const]));
    return Object.fromEntries(fields);
  }
  const value = strict ? at.value : valueOfScalar(at);
  return value.type === 'null' ? NULL : value.value;
}

/** A tree for a value of JSON. */
export function nodeOf(value: Json, origin?: Origin): Node {
  if (value === null) return plainNode('null', origin);
  if (typeof value === 'string') return stringNode(value, origin);
  if (typeof value !== 'object') return plainNode(String(value), origin);
  if (isListValue(value)) {
    const list = listNode(value.map((item) => nodeOf(item)));
    return origin ? { ...list, origin } : list;
  }
  return mapNode(
    Object.entries(value).map(([name, inner]) => [name, nodeOf(inner)] as const),
    origin,
  );
}

/** Is it a list? */
export function isListValue(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
