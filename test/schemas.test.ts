import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from '../server/syntax/parse.ts';
import { content, pairsOf, type Node } from '../server/syntax/tree.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}schemas/README.md`, 'utf8');

type Fields = Readonly<Record<string, unknown>>;
/** JSON has nulls, and what the server makes of them is the point; our own code uses none. */
const NULL: unknown = json('null');

const read = readdirSync(`${root}schemas`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => fieldsOf(json(readFileSync(`${root}schemas/${name}`, 'utf8'))));
/** By `$id`, which is what references name. */
const files = new Map(read.map((file): [string, Fields] => [String(file['$id']), file]));
const names = [...files.keys()];
/** The kinds that the corpus of the API server is about; those of network plugins have a corpus of their own. */
const kinds = names.filter((name) => /(?:^|\.)networking\.k8s\.io$/.test(String(fieldsOf(files.get(name)?.['x-kind'])['group'])));
const ajv = new Ajv({ strict: false, allErrors: true, schemas: [...files.values()] });

describe.each(names)('%s', (name) => {
  const parts = [...schemasIn(files.get(name) ?? {}, '')];

  test('every field and item has a short title and a description', () => {
    const named = parts.filter(({ path }) => /\/(?:properties|definitions)\/[^/]+$|\/items$|\/additionalProperties$/.test(path));
    const bad = named.filter(({ schema }) => typeof schema['$ref'] !== 'string' && !isDescribed(schema));
    expect(bad.map(({ path }) => path)).toEqual([]);
    expect(parts.filter(({ schema }) => sentences(schema['description']) > 3).map(({ path }) => path)).toEqual([]);
  });

  test('uses no keyword whose errors nobody can read', () => {
    const forbidden = ['oneOf', 'anyOf', 'allOf', 'not', 'if', 'pattern', 'patternProperties', 'dependencies', 'const'];
    expect(parts.flatMap(({ path, schema }) => forbidden.filter((word) => word in schema).map((word) => `${path} ${word}`))).toEqual([]);
  });

  test('closes every object, and orders all its properties with the required ones first', () => {
    for (const { path, schema } of parts.filter(({ schema: { properties } }) => properties !== undefined)) {
      const order = strings(schema['x-order']);
      const required = strings(schema['required']);
      expect(schema['additionalProperties'], path).toBe(false);
      expect(order.toSorted(), path).toEqual(Object.keys(fieldsOf(schema['properties'])).toSorted());
      expect(order.slice(0, required.length).toSorted(), path).toEqual(required.toSorted());
    }
  });

  test('explains every value of an enum that leaves a choice', () => {
    for (const { path, schema } of parts) {
      const choices = strings(schema['enum']);
      if (choices.length > 1) expect(Object.keys(fieldsOf(schema['x-enumDescriptions'])), path).toEqual(choices);
    }
  });

  test('has nothing but remarks beside a reference', () => {
    const beside = parts
      .filter(({ schema }) => '$ref' in schema)
      .flatMap(({ path, schema }) => Object.keys(schema).map((key) => `${path} ${key}`));
    expect(beside.filter((line) => !/ (?:\$ref|title|description|x-[A-Za-z-]+)$/.test(line))).toEqual([]);
  });

  test('uses only keywords and formats that the README explains', () => {
    const used = parts.flatMap(({ schema }) => [
      ...Object.keys(schema).filter((key) => key.startsWith('x-')),
      ...[schema['x-format'], schema['x-map-keys']].filter((value) => typeof value === 'string'),
    ]);
    expect([...new Set(used)].filter((word) => !readme.includes(`\`${word}\``))).toEqual([]);
  });
});

test('the README explains no keyword that no schema uses', () => {
  const texts = [...files.values()].map((file) => JSON.stringify(file)).join('');
  const explained = [...readme.matchAll(/^\| `(x-[A-Za-z-]+)`/gm)].map(([, word]) => word);
  expect(explained.length).toBeGreaterThan(20);
  expect(explained.filter((word) => !texts.includes(`"${word}"`))).toEqual([]);
});

describe('against the verdicts of a real API server', () => {
  const records = readFileSync(`${root}test/corpus/apiserver.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => fieldsOf(json(line)));
  const judged = records.map(judge).filter((record) => record !== undefined);

  test('the corpus is there, with every kind', () => {
    expect(judged.length).toBeGreaterThan(1000);
    expect(new Set(judged.map((record) => record.kind)).size).toBe(kinds.length);
  });

  test.each(kinds)('%s: the valid manifests everything else was made from pass', (kind) => {
    const bases = judged.filter((record) => record.kind === kind && record.op.startsWith('base'));
    expect(bases.length).toBeGreaterThan(0);
    expect(bases.filter((record) => record.accepted && record.errors.length > 0)).toEqual([]);
  });

  test('no schema complains about a document the server accepts', () => {
    expect(judged.filter((record) => record.accepted && record.errors.length > 0)).toEqual([]);
  });

  test('every document rejected for an unknown field, a wrong type or a value outside an enum is complained about', () => {
    expect(judged.filter((record) => record.mustComplain && record.errors.length === 0)).toEqual([]);
    expect(judged.filter((record) => record.mustComplain).length).toBeGreaterThan(400);
  });
});

interface Judged {
  readonly id: string;
  readonly op: string;
  readonly kind: string;
  readonly accepted: boolean;
  readonly mustComplain: boolean;
  readonly errors: readonly string[];
}

/** What ajv says about a record of the corpus; nothing for documents that are no YAML, say no kind of ours, or hold a template. */
function judge(record: Fields): Judged | undefined {
  const faults = items(record['errors']).map(fieldsOf);
  const text = String(record['yaml']);
  if (text.includes('{{') || faults.some((fault) => ['YAMLSyntax', 'NotAnObject'].includes(String(fault['type'])))) return undefined;
  const value = valueOf(parse(text).root);
  const kind = kinds.find((name) => isOfKind(fieldsOf(value), fieldsOf(files.get(name)?.['x-kind'])));
  const schema = kind === undefined ? undefined : files.get(kind);
  if (kind === undefined || schema === undefined) return undefined;
  return {
    id: String(record['id']),
    op: String(record['op']),
    kind,
    accepted: record['verdict'] === 'accept',
    mustComplain: faults.some(isForAjv),
    errors: complaints(ajv.getSchema(kind), withoutNulls(value, schema, schema, fieldsOf(schema['x-null']))),
  };
}

/** Faults that the plain part of the schemas must find. Ports that are an integer or a string and times are matters of our keywords. */
function isForAjv({ type, field }: Fields): boolean {
  if (type === 'DecodeType') return field !== '' && !String(field).endsWith('.port');
  return type === 'UnknownField' || type === 'FieldValueTypeInvalid' || type === 'FieldValueNotSupported';
}

function isOfKind(value: Fields, kind: Fields): boolean {
  return value['kind'] === kind['kind'] && value['apiVersion'] === `${String(kind['group'])}/${String(kind['version'])}`;
}

function complaints(validate: ValidateFunction | undefined, value: unknown): readonly string[] {
  if (validate === undefined || validate(value)) return [];
  // The server drops the status before it looks at it; only unknown fields in it count (x-dropped-on-create).
  const counted = (validate.errors ?? []).filter(
    (error) => !error.instancePath.startsWith('/status') || error.keyword === 'additionalProperties',
  );
  return counted.map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

/** Nulls as the server reads them, by `x-null` (see schemas/README.md). `file` is the one in which `#/…` references are looked up. */
function withoutNulls(value: unknown, schema: Fields, file: Fields, inherited: Fields): unknown {
  const at = resolved(schema, file);
  const nulls = 'x-null' in at.schema ? fieldsOf(at.schema['x-null']) : inherited;
  if (isList(value)) {
    const item = fieldsOf(at.schema['items']);
    return value.map((one) => (one === null ? nullItem(item, at.file, nulls) : withoutNulls(one, item, at.file, nulls)));
  }
  if (value === null || typeof value !== 'object' || at.schema['x-free-form'] === true) return value;
  const known = fieldsOf(at.schema['properties']);
  const isMap = typeof at.schema['additionalProperties'] === 'object';
  const out: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(fieldsOf(value))) {
    const field = key in known ? fieldsOf(known[key]) : fieldsOf(at.schema['additionalProperties']);
    if (one !== null) out[key] = withoutNulls(one, field, at.file, nulls);
    else if (!(key in known) && !(isMap && nulls['mapValue'] === 'absent')) out[key] = isMap ? '' : NULL;
  }
  return out;
}

function nullItem(item: Fields, file: Fields, nulls: Fields): unknown {
  if (nulls['item'] === 'rejected') return NULL;
  return resolved(item, file).schema['type'] === 'string' ? '' : {};
}

function resolved(schema: Fields, file: Fields): { readonly schema: Fields; readonly file: Fields } {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return { schema, file };
  const [name = '', pointer = ''] = reference.split('#/definitions/');
  const target = name === '' ? file : (files.get(name) ?? {});
  const found = pointer === '' ? target : fieldsOf(fieldsOf(target['definitions'])[pointer]);
  const { $ref: _, ...remarks } = schema;
  return resolved({ ...found, ...remarks }, target);
}

/** The JSON value Kubernetes makes of a YAML node. */
function valueOf(node: Node | undefined): unknown {
  const at = node && content(node);
  if (at === undefined) return NULL;
  if (at.kind === 'scalar') return at.value.type === 'null' ? NULL : at.value.value;
  if (at.kind === 'seq') return at.items.map((item) => valueOf(item.value));
  return Object.fromEntries(pairsOf(at).map((pair) => [pair.name ?? 'null', valueOf(pair.value)]));
}

/** A schema and all schemas in it, each with its JSON pointer. */
function* schemasIn(schema: Fields, path: string): Generator<{ readonly path: string; readonly schema: Fields }> {
  yield { path, schema };
  for (const word of ['properties', 'definitions']) {
    for (const [key, inner] of Object.entries(fieldsOf(schema[word]))) yield* schemasIn(fieldsOf(inner), `${path}/${word}/${key}`);
  }
  for (const word of ['items', 'additionalProperties']) {
    if (typeof schema[word] === 'object') yield* schemasIn(fieldsOf(schema[word]), `${path}/${word}`);
  }
}

function isDescribed({ title, description }: Fields): boolean {
  const words = typeof title === 'string' ? title.split(' ').length : 0;
  return words >= 2 && words <= 4 && typeof description === 'string' && description.endsWith('.');
}

function sentences(text: unknown): number {
  return typeof text === 'string' ? text.split(/[.?!](?=\s|$)/).length - 1 : 0;
}

function json(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !isList(value);
}

function items(value: unknown): readonly unknown[] {
  return isList(value) ? value : [];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function strings(value: unknown): readonly string[] {
  return items(value).filter((item) => typeof item === 'string');
}
