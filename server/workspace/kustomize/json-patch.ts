import { applyPatch, type Operation } from 'fast-json-patch';
import { samePath } from '../../syntax/path.ts';
import { asMap, asSeq, content, get, itemsOf, pairsOf, type MapNode, type Node, type Origin } from '../../syntax/tree.ts';
import { BuildError } from './objects.ts';
import { below, jsonOf, listNode, mapNode, nodeOf, placed, plainNode, stringNode, textOfScalar, type Json } from './values.ts';

/** A list of operations (RFC 6902) and where it was written. */
export interface JsonPatch {
  readonly node: Node;
  readonly place: Origin;
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/** Throws a BuildError where the list is none that kustomize can read. */
export function demandJsonPatch({ node, place }: JsonPatch): void {
  if (!asSeq(node)) throw new BuildError('A JSON patch is a list of operations.', place);
  for (const [i, operation] of itemsOf(node).entries()) {
    if (!asMap(operation)) throw new BuildError(`Operation ${i} of the JSON patch is not an object with 'op' and 'path'.`, below(place, i));
  }
}

/**
 * The object after a JSON patch. What the patch does not touch keeps its nodes, and with them the places where they were written; what it
 * brings in has the place in the patch. Throws a BuildError with the place of the operation that does not apply.
 */
export function jsonPatched(root: MapNode, patch: JsonPatch): MapNode {
  const sources: Sources = new Map();
  let document = plain(root, root.origin, sources, false, reachOf(patch.node));
  for (const [i, operation] of itemsOf(patch.node).entries()) {
    const place = below(patch.place, i) ?? patch.place;
    const one = operationOf(operation, place, document, sources);
    document = applied(document, one, place);
  }
  const map = asMap(noded(document, root, sources, patch));
  if (!map) throw new BuildError('The JSON patch leaves no object.', patch.place);
  return map;
}

function applied(document: unknown, operation: Operation, place: Origin): unknown {
  try {
    return applyPatch(document, [operation], true, true).newDocument;
  } catch (fault) {
    const path = operation.path;
    const name = typeof fault === 'object' && fault !== null && 'name' in fault ? String(fault.name) : '';
    throw new BuildError(
      `The operation '${operation.op}' of the JSON patch does not apply: ${reasonOf(name, path)}.`,
      place,
      'kustomization-patch',
    );
  }
}

function reasonOf(name: string, path: string): string {
  if (name === 'TEST_OPERATION_FAILED') return `the value at '${path}' is another one`;
  if (name === 'OPERATION_VALUE_OUT_OF_BOUNDS') return `the list has no place '${path}'`;
  return `the object has no '${path}'`;
}

function operationOf(node: Node, place: Origin, document: unknown, sources: Sources): Operation {
  const op = textOfScalar(get(node, 'op')) ?? '';
  const path = pointer(textOfScalar(get(node, 'path')), document);
  if (path === undefined) throw new BuildError(`An operation of a JSON patch needs 'path', which starts with '/'.`, place);
  const from = pointer(textOfScalar(get(node, 'from')), document) ?? '';
  const value = get(node, 'value');
  const operand = value ? plain(value, below(place, 'value'), sources, true, EVERYTHING) : jsonOf(plainNode('null'));
  switch (op) {
    case 'replace':
      // The library of kustomize (evanphx/json-patch v4) sets a field that is not there yet.
      return { op: isNewField(document, path) ? 'add' : 'replace', path, value: operand };
    case 'add':
    case 'test':
      return { op, path, value: operand };
    case 'remove':
      return { op, path };
    case 'move':
    case 'copy':
      return { op, path, from };
    default:
      throw new BuildError(`The operation '${op}' is unknown. Use ${OPERATIONS.join(', ')}.`, below(place, 'op'));
  }
}

/** Does the path lead to a field that its object does not have? */
function isNewField(document: unknown, path: string): boolean {
  const steps = path.split('/').slice(1);
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = document;
  for (const name of names.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return false;
    at = Array.isArray(at) ? at[Number(name)] : Object.entries(at).find(([one]) => one === name)?.[1];
  }
  const last = names.at(-1);
  return typeof at === 'object' && at !== null && !Array.isArray(at) && last !== undefined && !Object.hasOwn(at, last);
}

/** A negative index counts from the end (evanphx/json-patch). */
function pointer(path: string | undefined, document: unknown): string | undefined {
  if (path === undefined || !(path === '' || path.startsWith('/'))) return undefined;
  if (!/\/-\d/.test(path)) return path;
  let at = document;
  const steps = path.split('/').slice(1);
  for (const [i, step] of steps.entries()) {
    if (Array.isArray(at) && /^-\d+$/.test(step)) steps[i] = String(at.length + Number(step));
    const key = (steps[i] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : undefined;
  }
  return `/${steps.join('/')}`;
}

/** A node and where it was written. */
interface Source {
  readonly node: Node;
  readonly place: Origin | undefined;
  /** Stands for the whole node: no operation looks into it. */
  readonly isWhole?: boolean;
}

/** What operations look into: the fields that their paths pass, or everything below. */
type Reach = Map<string, Reach> | typeof EVERYTHING;

const EVERYTHING = 'everything';

function reachOf(operations: Node): Reach {
  const reach = new Map<string, Reach>();
  for (const operation of itemsOf(operations)) {
    for (const path of [textOfScalar(get(operation, 'path')), textOfScalar(get(operation, 'from'))]) {
      if (path === '') return EVERYTHING;
      if (path !== undefined) extend(reach, path.split('/').slice(1));
    }
  }
  return reach;
}

function extend(reach: Map<string, Reach>, steps: readonly string[]): void {
  let at = reach;
  for (const [i, step] of steps.entries()) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = at.get(name);
    if (next === EVERYTHING) return;
    const inner = i === steps.length - 1 ? EVERYTHING : (next ?? new Map<string, Reach>());
    at.set(name, inner);
    if (inner === EVERYTHING) return;
    at = inner;
  }
}

/** What is looked into in the items of a list: operations may move them, so the same in all. */
function reachOfItems(reach: Map<string, Reach>): Reach {
  const all = new Map<string, Reach>();
  for (const [step, inner] of reach) {
    // What is added at the end touches no other item.
    if (inner === EVERYTHING && step === '-') continue;
    if (inner === EVERYTHING) return EVERYTHING;
    for (const [name, one] of inner) all.set(name, joined(all.get(name), one));
  }
  return all;
}

function joined(one: Reach | undefined, other: Reach): Reach {
  if (one === undefined || one === EVERYTHING || other === EVERYTHING) return one === undefined ? other : EVERYTHING;
  const both = new Map(one);
  for (const [name, inner] of other) both.set(name, joined(both.get(name), inner));
  return both;
}

/** Of each object and list of the plain data, the node that it was made of. */
type Sources = Map<unknown, Source>;

/** Plain data that a JSON patch can work on; what it does not look into is not laid out. */
function plain(node: Node, around: Origin | undefined, sources: Sources, strict: boolean, reach: Reach | undefined): unknown {
  const place = node.origin ?? around;
  const at = content(node);
  if (reach === undefined && at && at.kind !== 'scalar') {
    const whole = {};
    sources.set(whole, { node: at, place, isWhole: true });
    return whole;
  }
  if (at?.kind === 'map') {
    const fields = pairsOf(at).flatMap(({ name, value }) => {
      if (name === undefined) return [];
      const inner = reach === undefined || reach === EVERYTHING ? reach : reach.get(name);
      return [[name, plain(value, below(place, name), sources, strict, inner)] as const];
    });
    const result = Object.fromEntries(fields);
    sources.set(result, { node: at, place });
    return result;
  }
  if (at?.kind === 'seq') {
    const inner = reach === undefined || reach === EVERYTHING ? reach : reachOfItems(reach);
    const result = at.items.map(({ value }, i) => plain(value, below(place, i), sources, strict, inner));
    sources.set(result, { node: at, place });
    return result;
  }
  return jsonOf(node, strict);
}

/** The tree of plain data again: nodes of before where nothing changed. */
function noded(value: unknown, root: MapNode, sources: Sources, patch: JsonPatch): Node {
  const written = valuesOf(patch);
  const make = (one: unknown, existing: Node | undefined, expected: Origin | undefined): Node => {
    const source = sources.get(one);
    if (source?.isWhole === true) return at(source.node, source, expected);
    if (Array.isArray(one)) return at(list(one, source), source, expected);
    if (typeof one === 'object' && one !== null) return at(object(one, source), source, expected);
    const json = scalarOf(one);
    if (existing && content(existing)?.kind === 'scalar' && jsonOf(existing) === json) return existing;
    return written.get(json) ?? nodeOf(json, patch.place);
  };
  const list = (items: readonly unknown[], source: Source | undefined): Node => {
    const old = itemsOf(source?.node);
    const used = new Set<Node>();
    const nodes = items.map((item, i) => {
      const existing = sameScalar(item, old, i, used);
      if (existing) used.add(existing.node);
      const node = make(item, existing?.node, below(source?.place, i));
      return existing && existing.index !== i ? placed(node, below(source?.place, existing.index)) : node;
    });
    if (source && nodes.length === old.length && nodes.every((node, i) => node === old[i])) return source.node;
    return listNode(nodes, asSeq(source?.node));
  };
  const object = (fields: object, source: Source | undefined): Node => {
    const entries = Object.entries(fields).map(
      ([name, inner]: [string, unknown]) => [name, make(inner, get(source?.node, name), below(source?.place, name))] as const,
    );
    const map = asMap(source?.node);
    if (!map) return mapNode(entries);
    const old = new Map(pairsOf(map).map((pair) => [pair.name, pair]));
    if (entries.length === old.size && entries.every(([name, node]) => old.get(name)?.value === node)) return map;
    const pairs = entries.map(([name, node]) => {
      const existing = old.get(name);
      return existing ? { ...existing, value: node } : { key: stringNode(name), name, value: node, span: NOWHERE };
    });
    return { ...map, pairs };
  };
  return make(value, root, root.origin);
}

const NOWHERE = { start: 0, end: 0 } as const;

/** The node with its place noted, where it has another place now. */
function at(node: Node, source: Source | undefined, expected: Origin | undefined): Node {
  const place = source?.place;
  if (!place || (expected && expected.written === place.written && samePath(expected.path, place.path))) return node;
  return placed(node, place);
}

/** A single value of a list whose place has changed is known by the value that it had. */
function sameScalar(
  item: unknown,
  old: readonly Node[],
  at: number,
  used: ReadonlySet<Node>,
): { readonly node: Node; readonly index: number } | undefined {
  if (typeof item === 'object' && item !== null) return undefined;
  const same = (node: Node | undefined): boolean =>
    node !== undefined && !used.has(node) && content(node)?.kind === 'scalar' && jsonOf(node) === item;
  const index = same(old[at]) ? at : old.findIndex(same);
  const node = old[index];
  return node ? { node, index } : undefined;
}

function scalarOf(value: unknown): Json {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : jsonOf(plainNode('null'));
}

/** The single values that the operations bring in, with their places. */
function valuesOf({ node, place }: JsonPatch): ReadonlyMap<Json, Node> {
  const found = new Map<Json, Node>();
  for (const [i, operation] of itemsOf(node).entries()) {
    const value = get(operation, 'value');
    if (!value || content(value)?.kind !== 'scalar') continue;
    const json = jsonOf(value, true);
    found.set(json, nodeOf(json, { written: place.written, path: [...place.path, i, 'value'] }));
  }
  return found;
}
