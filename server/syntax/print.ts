import { scalarText } from './edit.ts';

/** Plain data, as YAML and JSON have it. */
export type Data = null | string | number | boolean | readonly Data[] | { readonly [field: string]: Data };

/** How a document is written. */
export interface PrintStyle {
  /** How far lists are indented below their key. */
  readonly listIndent: number;
  readonly eol: string;
}

/** Data in block style from a column on; the first line without indentation, since something stands before it. */
export function blockText(data: Data, column: number, style: PrintStyle): string {
  return linesOf(data, style).join(`${style.eol}${' '.repeat(column)}`);
}

/** A field in block style from a column on, the first line without indentation. */
export function blockField(key: string, data: Data, column: number, style: PrintStyle): string {
  return fieldLines(key, data, style).join(`${style.eol}${' '.repeat(column)}`);
}

/** Data on one line; as JSON where the document is JSON. */
export function flowText(data: Data, json: boolean): string {
  if (isList(data)) return `[${data.map((item) => flowText(item, json)).join(', ')}]`;
  if (typeof data === 'object' && data !== null)
    return `{${Object.entries(data)
      .map(([key, value]) => flowField(key, value, json))
      .join(', ')}}`;
  return scalar(data, json);
}

/** A field on one line. */
export function flowField(key: string, data: Data, json: boolean): string {
  return `${scalar(key, json)}: ${flowText(data, json)}`;
}

function linesOf(data: Data, style: PrintStyle): readonly string[] {
  if (isEmpty(data)) return [flowText(data, false)];
  if (isList(data)) return data.flatMap((item) => linesOf(item, style).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
  if (typeof data === 'object' && data !== null) return Object.entries(data).flatMap(([key, value]) => fieldLines(key, value, style));
  return [scalar(data, false)];
}

function fieldLines(key: string, data: Data, style: PrintStyle): readonly string[] {
  const name = scalar(key, false);
  if (typeof data !== 'object' || data === null || isEmpty(data)) return [`${name}: ${flowText(data, false)}`];
  // A list of words reads best on one line.
  if (isList(data) && data.every((item) => typeof item !== 'object')) return [`${name}: ${flowText(data, false)}`];
  const indent = ' '.repeat(isList(data) ? style.listIndent : 2);
  return [`${name}:`, ...linesOf(data, style).map((line) => indent + line)];
}

/** What is not safe in a flow collection, or in block style, goes in quotes. */
function scalar(data: null | string | number | boolean, json: boolean): string {
  if (typeof data === 'string') return json ? JSON.stringify(data) : scalarText(data);
  return String(data);
}

function isList(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

function isEmpty(data: Data): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0;
}
