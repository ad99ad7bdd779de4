import { finished, type Work } from '../../base/work.ts';
import { isInt64 } from '../../syntax/scalar.ts';
import { pairsOf, type MapNode, type Node, type ScalarNode, type SeqNode } from '../../syntax/tree.ts';
import { fieldOf, itemOf, type NullRule, type SchemaPlace } from './schemas.ts';

/** A manifest as the API server's schema checks see it: aliases and merge keys laid out, null where it would be, holes as `undefined`. */
export type JsonValue = undefined | boolean | number | string | typeof NULL | JsonMap | JsonList;
export type JsonMap = { readonly [key: string]: JsonValue };
export type JsonList = readonly JsonValue[];

export interface ServerView {
  readonly value: JsonValue;
  /** Maps and lists to which a template may add something: nothing is said about what they lack. */
  readonly incomplete: ReadonlySet<object>;
}

/** A null that the server keeps. No schema accepts it. */
export const NULL: unique symbol = Symbol('null');

/** More nodes than this are not laid out; what is beyond counts as unknown. */
const MAX_NODES = 400_000;

/** How many nodes are laid out in one step. */
const NODES_OF_A_STEP = 500;

const KEPT: NullRule = { field: 'kept', item: 'kept', mapValue: 'kept' };

/** Lays a tree out as plain values; the schema says what becomes of nulls and of empty strings. */
export function serverView(root: Node, place: SchemaPlace): ServerView {
  return finished(serverViewWork(root, place));
}

/** The same in steps, each of which lays out some hundred nodes. */
export function* serverViewWork(root: Node, place: SchemaPlace): Work<ServerView> {
  const incomplete = new Set<object>();
  let budget = MAX_NODES;
  let pause = budget - NODES_OF_A_STEP;

  function* convert(node: Node | undefined, at: SchemaPlace | undefined, inherited: NullRule, depth: number): Work<JsonValue> {
    if (node === undefined || depth > 300 || --budget < 0) return undefined;
    if (node.kind === 'scalar') return scalar(node);
    if (budget < pause) {
      pause = budget - NODES_OF_A_STEP;
      yield;
    }
    const nulls = at?.schema['x-null'] ?? inherited;
    switch (node.kind) {
      case 'alias':
        return yield* convert(node.target, at, inherited, depth + 1);
      case 'map':
        return yield* map(node, at, nulls, depth);
      case 'seq':
        return yield* list(node, at, nulls, depth);
      default:
        return node satisfies never;
    }
  }

  function* map(node: MapNode, at: SchemaPlace | undefined, nulls: NullRule, depth: number): Work<JsonMap> {
    const entries = new Map<string, JsonValue>();
    let isComplete = !node.hole;
    for (const pair of pairsOf(node)) {
      if (pair.name === undefined || pair.key.hole) {
        isComplete = false;
        continue;
      }
      const field = at && fieldOf(at, pair.name);
      const free = field !== undefined && at?.schema.properties?.[pair.name] === undefined;
      const value = withoutNull(yield* convert(pair.value, field, nulls, depth + 1), field, free ? nulls.mapValue : nulls.field);
      const absent = value === NOTHING || (value === '' && field?.schema['x-empty-string'] === 'absent');
      if (absent) entries.delete(pair.name);
      else entries.set(pair.name, value);
    }
    const built: JsonMap = Object.fromEntries(entries);
    if (!isComplete) incomplete.add(built);
    return built;
  }

  function* list(node: SeqNode, at: SchemaPlace | undefined, nulls: NullRule, depth: number): Work<JsonList> {
    const item = at && itemOf(at);
    const built: JsonValue[] = [];
    for (const { value } of node.items) {
      const plain = withoutNull(yield* convert(value, item, nulls, depth + 1), item, nulls.item);
      built.push(plain === NOTHING ? undefined : plain);
    }
    if (node.hole) incomplete.add(built);
    return built;
  }

  return { value: yield* convert(root, place, KEPT, 0), incomplete };
}

const NOTHING = Symbol('nothing');

/** What the server makes of a null in this place: leaves it, drops it, or stores the empty value of the type. */
function withoutNull(value: JsonValue, place: SchemaPlace | undefined, rule: string): JsonValue | typeof NOTHING {
  if (value !== NULL || place === undefined || place.schema['x-free-form'] === true) return value;
  if (rule === 'absent') return NOTHING;
  return rule === 'zero-value' ? emptyOf(place) : value;
}

function emptyOf(place: SchemaPlace): JsonValue {
  switch (place.schema.type) {
    case 'string':
      return '';
    case 'object':
      return {};
    case 'array':
      return [];
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    default:
      return NULL;
  }
}

/** The last number before 2^63 that JavaScript has. */
const BELOW_2_63 = 2 ** 63 - 1024;

function scalar(node: ScalarNode): JsonValue {
  if (node.hole) return undefined;
  const { value } = node;
  if (value.type === 'null') return NULL;
  // The nearest number to the largest ones is 2^63, which is one too many.
  if (value.type === 'int' && !value.exact && isInt64(value)) return Math.min(value.value, BELOW_2_63);
  // .inf and .nan never get as far as a schema.
  return value.type === 'float' && !Number.isFinite(value.value) ? undefined : value.value;
}

/** Is the value a map? */
export function isMap(value: JsonValue): value is JsonMap {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Is the value a list? */
export function isList(value: JsonValue): value is JsonList {
  return Array.isArray(value);
}
