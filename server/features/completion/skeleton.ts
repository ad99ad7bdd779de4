import { fieldOf, fieldsOf, itemOf, type Schema, type SchemaPlace } from '../../rules/schema/schemas.ts';
import { scalarText } from '../../syntax/edit.ts';
import { snippetChoice, escapeSnippet } from '../text/snippet.ts';

/** How the text around is written. */
export interface Style {
  readonly flow: boolean;
  readonly json: boolean;
  /** How far lists are indented below their key. */
  readonly listIndent: number;
}

/** A key with what it needs at least: required keys below it, the dash of a list, tab stops where something is to be filled in. */
export function keySkeleton(name: string, place: SchemaPlace, style: Style): string {
  const lines = style.flow ? [flowEntry(name, place, style)] : entryLines(name, place, { ...style, stops: 0 }, 0);
  const text = lines.join('\n');
  // A single stop is where the cursor ends.
  return text.includes('$2') || text.includes('${') ? text : text.replace('$1', '$0');
}

/** What a document needs below its `apiVersion` and `kind`: the fields of its root that are not there yet, each with what it needs. */
export function documentSkeleton(place: SchemaPlace, present: readonly string[], style: Style): string {
  const count = { ...style, stops: 0 };
  const missing = ['metadata', 'spec'].filter((name) => !present.includes(name));
  const lines = missing.flatMap((name) => {
    const field = fieldOf(place, name);
    return field ? entryLines(name, field, count, 0) : [];
  });
  return lines.join('\n');
}

/** The fields that a map cannot do without. */
export function neededFields(schema: Schema): readonly string[] {
  const any = schema['x-at-least-one'] ?? [];
  const needed = any.length === 1 || any.includes('name') ? any.slice(0, 1) : [];
  return [...(schema.required ?? []), ...needed];
}

/** A key as it must be quoted here: a label `1e3` or `true` would be another key without quotes. */
export function quotedKey(text: string, json: boolean): string {
  return json ? JSON.stringify(text) : scalarText(text);
}

interface Count extends Style {
  stops: number;
}

const MAX_SKELETON_DEPTH = 4;

function entryLines(name: string, place: SchemaPlace, count: Count, depth: number): string[] {
  const { schema } = place;
  if (schema.type === 'array') {
    const [first = '', ...more] = itemLines(itemOf(place), count, depth);
    const indent = ' '.repeat(count.listIndent);
    return [`${quotedKey(name, false)}:`, `${indent}- ${first}`, ...more.map((line) => `${indent}  ${line}`)];
  }
  if (schema.type === 'object') return [`${quotedKey(name, false)}:`, ...mapLines(place, count, depth).map((line) => `  ${line}`)];
  return [`${quotedKey(name, false)}: ${scalarStop(schema, count)}`];
}

function itemLines(item: SchemaPlace | undefined, count: Count, depth: number): string[] {
  if (item?.schema.type === 'object') return mapLines(item, count, depth);
  return [item ? scalarStop(item.schema, count) : stop(count)];
}

function mapLines(place: SchemaPlace, count: Count, depth: number): string[] {
  const needed = neededFields(place.schema);
  const inOrder = fieldsOf(place).filter((name) => needed.includes(name));
  if (inOrder.length === 0 || depth >= MAX_SKELETON_DEPTH) return [stop(count)];
  return inOrder.flatMap((name) => {
    const field = fieldOf(place, name);
    return field ? entryLines(name, field, count, depth + 1) : [];
  });
}

function scalarStop(schema: Schema, count: Count): string {
  const words = schema.enum?.map(String) ?? (schema['x-enumDescriptions'] ? schema['x-suggest']?.map(String) : undefined) ?? [];
  if (words.length === 1) return escapeSnippet(words[0] ?? '');
  return words.length > 1 ? snippetChoice(++count.stops, words) : stop(count);
}

function stop(count: Count): string {
  return `$${++count.stops}`;
}

function flowEntry(name: string, { schema }: SchemaPlace, style: Style): string {
  const quote = style.json && (schema.type === 'string' || schema['x-int-or-string'] !== true) ? '"' : '';
  const brackets: Readonly<Record<string, string>> = { array: '[$1]', object: '{$1}', integer: '$1', boolean: '$1' };
  return `${quotedKey(name, style.json)}: ${brackets[schema.type ?? ''] ?? `${quote}$1${quote}`}`;
}
