import { END, type Comments } from './comments.ts';
import { scalarText } from './edit.ts';
import { formatPath, type Path } from './path.ts';
import { flowText } from './print.ts';
import { content, isNull, pairsOf, type Node } from './tree.ts';

/**
 * Data that knows which written field or item each part of it comes from, so that the comments there can be kept. What comes from
 * nowhere has no `from`.
 */
export type Marked =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean }
  | { readonly kind: 'map'; readonly fields: readonly MarkedField[] }
  | { readonly kind: 'list'; readonly items: readonly MarkedItem[] };

export interface MarkedField {
  readonly key: string;
  readonly value: Marked;
  readonly from?: Path;
}

export interface MarkedItem {
  readonly value: Marked;
  readonly from?: Path;
}

/** A field, unless it has no value. */
export function field(key: string, value: Marked | undefined, from?: Path): readonly MarkedField[] {
  return value === undefined ? [] : [{ key, value, ...(from === undefined ? {} : { from }) }];
}

/** An object of these fields. */
export function map(...fields: readonly (readonly MarkedField[])[]): Marked {
  return { kind: 'map', fields: fields.flat() };
}

/** A written value as it is, with aliases and merge keys laid out. A null field or item is left out. */
export function copied(node: Node | undefined, path: Path): Marked | undefined {
  const at = node && content(node);
  if (!at || isNull(at)) return undefined;
  if (at.kind === 'scalar') return at.value.type === 'null' ? undefined : { kind: 'scalar', value: at.value.value };
  if (at.kind === 'map')
    return map(
      ...pairsOf(at).map(({ name, value }) => (name === undefined ? [] : field(name, copied(value, [...path, name]), [...path, name]))),
    );
  return {
    kind: 'list',
    items: at.items.flatMap(({ value }, i) => {
      const item = copied(value, [...path, i]);
      return item ? [{ value: item, from: [...path, i] }] : [];
    }),
  };
}

/** A document in block style, with the comments of the parts that it was made from. */
export function markedText(value: Marked, comments: ReadonlyMap<string, Comments>): string {
  const lines = linesOf(value, comments);
  return `${[...lines, ...(comments.get(END)?.above ?? [])].join('\n')}\n`;
}

function linesOf(value: Marked, comments: ReadonlyMap<string, Comments>): readonly string[] {
  if (value.kind === 'scalar') return [scalar(value.value)];
  if (value.kind === 'map')
    return value.fields.length === 0 ? ['{}'] : value.fields.flatMap((one) => withComments(one.from, fieldLines(one, comments), comments));
  if (value.items.length === 0) return ['[]'];
  return value.items.flatMap(({ value: item, from }) => withComments(from, itemLines(linesOf(item, comments)), comments));
}

/** With the dash; comments above the first field of an item stand above the item. */
function itemLines(lines: readonly string[]): readonly string[] {
  const first = Math.max(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  );
  return lines.map((line, i) => (i < first ? line : `${i === first ? '- ' : '  '}${line}`));
}

function fieldLines({ key, value }: MarkedField, comments: ReadonlyMap<string, Comments>): readonly string[] {
  const name = scalarText(key);
  const flow = flowOf(value, comments);
  if (flow !== undefined) return [`${name}: ${flow}`];
  return [`${name}:`, ...linesOf(value, comments).map((line) => `  ${line}`)];
}

/** What reads best on one line: scalars, what is empty, and lists of words without comments. */
function flowOf(value: Marked, comments: ReadonlyMap<string, Comments>): string | undefined {
  if (value.kind === 'scalar') return scalar(value.value);
  if (value.kind === 'map') return value.fields.length === 0 ? '{}' : undefined;
  if (value.items.length === 0) return '[]';
  const words = value.items.flatMap(({ value: item, from }) =>
    item.kind === 'scalar' && (from === undefined || !comments.has(formatPath(from))) ? [item.value] : [],
  );
  return words.length === value.items.length ? flowText(words, false) : undefined;
}

function withComments(from: Path | undefined, lines: readonly string[], comments: ReadonlyMap<string, Comments>): readonly string[] {
  const about = from && comments.get(formatPath(from));
  if (!about) return lines;
  const at = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  const behind = about.behind;
  return [
    ...about.above,
    ...lines.map((line, i) => (i === at && behind !== undefined && !line.includes(' #') ? `${line} ${behind}` : line)),
  ];
}

function scalar(value: string | number | boolean): string {
  return typeof value === 'string' ? scalarText(value) : String(value);
}
