import { parseCidr, strictlyContainsCidr } from '../../base/cidr.ts';
import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { fits } from './formats.ts';
import type { Issue } from './issue.ts';
import { isList, isMap, type ServerView, type JsonList, type JsonMap, type JsonValue } from './server-view.ts';
import { fieldOf, itemOf, type Schema, type SchemaPlace } from './schemas.ts';

/** An issue before its text is looked up. */
export type Found = Omit<Issue, 'span' | 'node'>;

interface Place {
  readonly place: SchemaPlace;
  readonly path: Path;
  /** False below `x-validated: false`. */
  readonly enforced: boolean;
  readonly plain: ServerView;
  /** How many values have been looked at. */
  readonly looked: { at: number };
}

/**
 * Checks everything that ajv cannot: schemas/README.md, "Keywords for checking". Values of a wrong type are left to ajv. Yields behind every
 * three hundred values.
 */
export function* keywordIssues(plain: ServerView, root: SchemaPlace): Work<readonly Found[]> {
  const into: Found[] = [];
  yield* valueIssues(plain.value, { place: root, path: [], enforced: true, plain, looked: { at: 0 } }, into);
  return into;
}

const VALUES_OF_A_STEP = 300;

function* valueIssues(value: JsonValue, at: Place, into: Found[]): Work<void> {
  if (++at.looked.at % VALUES_OF_A_STEP === 0) yield;
  const { schema } = at.place;
  const here = schema['x-validated'] === false ? { ...at, enforced: false } : at;
  if (value === undefined || schema['x-free-form'] === true) return;
  if (schema['x-int-or-string'] === true && typeof value !== 'string' && !Number.isInteger(value)) into.push(found(here, 'type', {}));
  else if (typeof value === 'string' || typeof value === 'number') scalarIssues(value, here, into);
  else if (isMap(value) && schema.type === 'object') yield* mapIssues(value, here, into);
  else if (isList(value) && schema.type === 'array') yield* listIssues(value, here, into);
}

function scalarIssues(value: string | number, at: Place, into: Found[]): void {
  const { type, 'x-format': format } = at.place.schema;
  const judged = at.place.schema['x-int-or-string'] === true || (typeof value === 'string' ? type === 'string' : type === 'integer');
  if (format === undefined || !judged || fits(format, value)) return;
  into.push(found(at, 'format', { value, format }));
}

function* mapIssues(map: JsonMap, at: Place, into: Found[]): Work<void> {
  keyIssues(map, at, into);
  togetherIssues(map, at, into);
  rangeIssues(map, at, into);
  requirementIssues(map, at, into);
  namedPortIssues(map, at, into);
  const only = at.place.schema['x-name'];
  const metadata = map['metadata'];
  const name = isMap(metadata) ? metadata['name'] : undefined;
  if (only !== undefined && typeof name === 'string' && name !== only) {
    into.push({ ...found(at, 'name', { value: name, key: only }), at: ['metadata', 'name'] });
  }
  for (const [key, value] of Object.entries(map)) {
    const place = fieldOf(at.place, key);
    if (!place) continue;
    const below: Place = { ...at, place, path: [...at.path, key] };
    if (isList(value)) subsetIssues(value, map, below, into);
    yield* valueIssues(value, below, into);
  }
}

/** Keys of maps of labels and annotations, and how much they hold. */
function keyIssues(map: JsonMap, at: Place, into: Found[]): void {
  const format = at.place.schema['x-map-keys'];
  for (const key of format === undefined ? [] : Object.keys(map)) {
    if (format !== undefined && !fits(format, key)) into.push({ ...found(at, 'map-keys', { value: key, format }), at: [...at.path, key] });
  }
  const limit = at.place.schema['x-max-bytes'];
  if (limit === undefined) return;
  const bytes = new TextEncoder();
  const size = Object.entries(map).reduce(
    (sum, [key, value]) => sum + bytes.encode(key + (typeof value === 'string' ? value : '')).length,
    0,
  );
  if (size > limit) into.push(found(at, 'max-bytes', { value: size, limit }));
}

/** Which keys must, may, and must not stand together. A template may bring a key that is not there. */
function togetherIssues(map: JsonMap, at: Place, into: Found[]): void {
  const { 'x-exactly-one': one, 'x-at-least-one': some, 'x-excludes': excludes } = at.place.schema;
  if (!one && !some && !excludes) return;
  const complete = !at.plain.incomplete.has(map);
  const given = one?.filter((key) => Object.hasOwn(map, key)) ?? [];
  const sure = given.filter((key) => map[key] !== undefined);
  const nothing = Object.keys(map).every((key) => fieldOf(at.place, key) === undefined);
  if (one && given.length === 0 && complete) into.push({ ...found(at, 'exactly-one', { keys: [] }), absence: true });
  if (sure.length > 1) into.push(found(at, 'exactly-one', { keys: sure }));
  if (some && complete && !some.some((key) => Object.hasOwn(map, key))) {
    const path = at.path.at(-1) === 'metadata' ? [...at.path, 'name'] : at.path;
    into.push({ ...found(at, 'at-least-one', { keys: some, ...(nothing ? {} : { key: 'other' }) }), path, absence: true });
  }
  for (const [key, others = []] of Object.entries(excludes ?? {})) {
    const clash = others.filter((other) => Object.hasOwn(map, key) && map[key] !== undefined && map[other] !== undefined);
    if (clash.length > 0) into.push(found(at, 'excludes', { key, keys: clash }));
  }
}

function rangeIssues(map: JsonMap, at: Place, into: Found[]): void {
  const range = at.place.schema['x-range'];
  if (!range) return;
  const start = map[range.start];
  const end = map[range.end];
  if (typeof end !== 'number') return;
  const enforced = at.enforced && range.enforced;
  const path = range.end === 'endPort' ? [...at.path, range.end] : at.path;
  const other = [...at.path, range.start];
  if (typeof start === 'number' && (end > start || (end === start && range.equal === 'allowed'))) return;
  if (start === undefined && (Object.hasOwn(map, range.start) || range.end !== 'endPort' || at.plain.incomplete.has(map))) return;
  if (start !== undefined && typeof start !== 'number' && typeof start !== 'string') return;
  if (typeof start === 'string' && range.end !== 'endPort') return;
  const key = start === undefined ? 'missing' : typeof start === 'string' ? 'name' : end === start ? 'equal' : 'order';
  into.push({
    ...found(at, 'range', { key, other, value: end, ...(typeof start === 'number' ? { limit: start } : {}) }),
    path,
    at: [...at.path, range.end],
    enforced,
    absence: key === 'missing',
  });
}

function requirementIssues(map: JsonMap, at: Place, into: Found[]): void {
  const names = at.place.schema['x-selector-requirement'];
  if (!names || at.plain.incomplete.has(map)) return;
  const operator = map[names.operator];
  const values = map[names.values];
  const unknown = Object.hasOwn(map, names.values) && (values === undefined || (isList(values) && at.plain.incomplete.has(values)));
  if (unknown || (values !== undefined && !isList(values))) return;
  const count = values?.length ?? 0;
  const path = [...at.path, names.values];
  const where = { path, at: values === undefined ? at.path : path };
  const needs = operator === 'In' || operator === 'NotIn';
  const refuses = operator === 'Exists' || operator === 'DoesNotExist';
  if (needs && count === 0) into.push({ ...found(at, 'selector-requirement', { key: operator }), ...where, absence: values === undefined });
  if (refuses && count > 0) into.push({ ...found(at, 'selector-requirement', { key: operator }), ...where });
}

/** Blocks of a list that must lie inside the block next to the list. */
function subsetIssues(list: JsonList, map: JsonMap, at: Place, into: Found[]): void {
  const item = itemOf(at.place);
  const sibling = item?.schema['x-subset-of'];
  const outer = sibling === undefined ? undefined : map[sibling];
  const block = typeof outer === 'string' ? parseCidr(outer) : undefined;
  if (!item || sibling === undefined || !block?.ok) return;
  for (const [i, text] of list.entries()) {
    const inner = typeof text === 'string' ? parseCidr(text) : undefined;
    if (!inner?.ok || strictlyContainsCidr(block, inner)) continue;
    const path = [...at.path, i];
    const other = [...at.path.slice(0, -1), sibling];
    into.push(found({ ...at, place: item, path }, 'subset-of', { value: inner.text, other }));
  }
}

function namedPortIssues(map: JsonMap, at: Place, into: Found[]): void {
  const conflict = at.place.schema['x-named-port-conflict'];
  const ports = conflict && map[conflict.ports];
  const peers = map['to'];
  if (!conflict || !isList(ports) || !isList(peers)) return;
  const named = ports.findIndex((port) => isMap(port) && typeof port[conflict.name] === 'string');
  for (const [i, peer] of peers.entries()) {
    const key = isMap(peer) ? conflict.to.find((name) => peer[name] !== undefined) : undefined;
    if (named < 0 || key === undefined) continue;
    const issue = found(at, 'named-port-conflict', {
      key,
      format: conflict.channel,
      other: [...at.path, conflict.ports, named, conflict.name],
    });
    into.push({ ...issue, at: [...at.path, 'to', i, key] });
    return;
  }
}

function* listIssues(list: JsonList, at: Place, into: Found[]): Work<void> {
  const item = itemOf(at.place);
  repeatedIssues(list, at, item, into);
  const once = at.place.schema['x-at-most-one-true'];
  const true_ = once === undefined ? [] : list.flatMap((entry, i) => (isMap(entry) && entry[once] === true ? [i] : []));
  if (once !== undefined && true_.length > 1)
    into.push({ ...found(at, 'at-most-one-true', { key: once }), at: [...at.path, true_[1] ?? 0, once] });
  for (const [i, value] of item ? list.entries() : []) {
    if (item) yield* valueIssues(value, { ...at, place: item, path: [...at.path, i] }, into);
  }
}

/** Equal items of a list that is a set, or items with equal keys of a list that is a map. */
function repeatedIssues(list: JsonList, at: Place, item: SchemaPlace | undefined, into: Found[]): void {
  const type = at.place.schema['x-list-type'];
  if (!item || (type !== 'set' && type !== 'map')) return;
  const seen = new Map<string, number>();
  for (const [i, value] of list.entries()) {
    const identity = identityOf(value, at.place.schema);
    const earlier = identity === undefined ? undefined : seen.get(identity);
    if (identity === undefined) continue;
    if (earlier === undefined) seen.set(identity, i);
    else
      into.push(
        found({ ...at, place: item, path: [...at.path, i] }, 'list-type', {
          other: [...at.path, earlier],
          ...(typeof value === 'string' ? { value } : {}),
        }),
      );
  }
}

function identityOf(value: JsonValue, { 'x-list-type': type, 'x-list-map-keys': keys = [] }: Schema): string | undefined {
  if (type === 'set') return typeof value === 'string' ? value : undefined;
  return isMap(value) && keys.every((key) => typeof value[key] === 'string') ? JSON.stringify(keys.map((key) => value[key])) : undefined;
}

function found(at: Place, keyword: Found['keyword'], params: Found['params']): Found {
  return { keyword, path: at.path, at: at.path, place: at.place, params, enforced: at.enforced, absence: false };
}
