import { finished, type Work } from '../base/work.ts';
import type { LongScalar } from './long-scalars.ts';
import type { ItemView, PairView, View } from './yaml.ts';

/** What stands in brackets, where it is read, and how far. */
interface Flow {
  readonly text: string;
  /** Does the text consist of one value in braces? Then lines may end between its words. */
  readonly isJson: boolean;
  /** Where the last step ended. */
  paused: number;
}

/** How many characters are read in one step. */
export const STEP_CHARACTERS = 4000;

/** Deeper levels are left to the library, which knows its own limit. */
export const MAX_DEPTH = 50;

/** What stands in brackets or quotes, or is an alias, and ends on its line; `undefined` for all else. */
export function flowOnLine(text: string, start: number, depth: number): View | undefined {
  return leaf(text, start) ?? finished(collection({ text, isJson: false, paused: start }, start, depth));
}

/** A text that is one value in braces and blanks behind it, over any number of lines, as JSON is. */
export function* jsonWork(text: string, start: number): Work<View | undefined> {
  const flow: Flow = { text, isJson: true, paused: start };
  const content = yield* flowMap(flow, start, 0);
  return content && behindBlanks(flow, content.end) === text.length ? content : undefined;
}

function leaf(text: string, start: number): View | undefined {
  switch (text.charAt(start)) {
    case '"':
    case "'":
      return escapeFreeQuotes(text, start);
    case '*':
      return alias(text, start);
    default:
      return undefined;
  }
}

function* collection(flow: Flow, start: number, depth: number): Work<View | undefined> {
  const bracket = flow.text.charAt(start);
  if (bracket === '[') return yield* flowList(flow, start, depth);
  return bracket === '{' ? yield* flowMap(flow, start, depth) : undefined;
}

function* flowList(flow: Flow, start: number, depth: number): Work<View | undefined> {
  const items: ItemView[] = [];
  for (let at = firstEntry(flow, start, ']'); ;) {
    if (typeof at !== 'number') return at && { kind: 'seq', flow: true, start, end: at.end, tag: undefined, anchor: undefined, items };
    const value = yield* flowEntry(flow, at, depth);
    if (!value) return undefined;
    items.push({ value, dash: undefined });
    at = nextEntry(flow, value.end, ']');
  }
}

function* flowMap(flow: Flow, start: number, depth: number): Work<View | undefined> {
  const { text } = flow;
  const pairs: PairView[] = [];
  for (let at = firstEntry(flow, start, '}'); ;) {
    if (typeof at !== 'number') return at && { kind: 'map', flow: true, start, end: at.end, tag: undefined, anchor: undefined, pairs };
    const key = escapeFreeQuotes(text, at) ?? flowWord(text, at);
    // Behind a quote no space is needed.
    if (!key || text[key.end] !== ':' || (text[key.end + 1] !== ' ' && key.style === 'plain')) return undefined;
    const value = yield* flowEntry(flow, behindBlanks(flow, key.end + 1), depth);
    if (!value) return undefined;
    pairs.push({ key, value, colon: key.end });
    at = nextEntry(flow, value.end, '}');
  }
}

/** Where an entry starts, or where the collection ends; `undefined` where neither is to be seen. */
type Entry = number | { readonly end: number } | undefined;

function firstEntry(flow: Flow, start: number, close: string): Entry {
  const at = behindBlanks(flow, start + 1);
  return flow.text[at] === close ? { end: at + 1 } : at;
}

function nextEntry(flow: Flow, end: number, close: string): Entry {
  const at = behindBlanks(flow, end);
  if (flow.text[at] === close) return { end: at + 1 };
  return flow.text[at] === ',' ? behindBlanks(flow, at + 1) : undefined;
}

function* flowEntry(flow: Flow, at: number, depth: number): Work<View | undefined> {
  if (depth > MAX_DEPTH) return undefined;
  const { text } = flow;
  const bracket = text.charAt(at);
  if (bracket !== '[' && bracket !== '{') return leaf(text, at) ?? flowWord(text, at);
  if (at - flow.paused > STEP_CHARACTERS) {
    flow.paused = at;
    yield;
  }
  return yield* collection(flow, at, depth + 1);
}

function flowWord(text: string, start: number): ScalarView | undefined {
  const end = endOfWord(text, start);
  return end > start ? plainScalar(text, start, end) : undefined;
}

/** The end of the word that starts at an offset: letters, digits, `_`, `.`, `/` and, but not at the start, dashes. */
export function endOfWord(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); isWordCode(code) || (code === DASH && at > start); code = text.charCodeAt(at)) at++;
  return at;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a to z
    (code >= 0x41 && code <= 0x5a) || // A to Z
    (code >= 0x2e && code <= 0x39) || // . / 0 to 9
    code === 0x5f // _
  );
}

/** Behind an alias: Go's parser takes letters, digits, dashes and underscores for its name. `undefined` where there is none. */
export function endOfAlias(text: string, start: number): number | undefined {
  if (text[start] !== '*') return undefined;
  let end = start + 1;
  for (let code = text.charCodeAt(end); code === DASH || (isWordCode(code) && code !== 0x2e && code !== 0x2f); code = text.charCodeAt(end))
    end++;
  return end === start + 1 ? undefined : end;
}

function alias(text: string, start: number): View | undefined {
  const end = endOfAlias(text, start);
  if (end === undefined || (end < text.length && !' \r\n,]}'.includes(text.charAt(end)))) return undefined;
  return { kind: 'alias', start, end, tag: undefined, anchor: undefined, name: text.slice(start + 1, end) };
}

type ScalarView = View & { readonly kind: 'scalar' };

/** Quotes without escapes in them. */
export function escapeFreeQuotes(text: string, start: number): ScalarView | undefined {
  const quote = text.charAt(start);
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.indexOf(quote, start + 1);
  if (end === -1 || (quote === "'" && text.charAt(end + 1) === quote)) return undefined;
  const inside = text.slice(start + 1, end);
  if (inside.includes('\n') || (quote === '"' && inside.includes('\\'))) return undefined;
  return scalarView(quote === '"' ? 'double' : 'single', start, end + 1, inside);
}

/** A scalar without quotes. */
export function plainScalar(text: string, start: number, end: number): ScalarView {
  return scalarView('plain', start, end, text.slice(start, end));
}

/** A scalar of a style, from offset to offset; `text` is what YAML reads in it. */
export function scalarView(style: LongScalar['style'], start: number, end: number, text: string): ScalarView {
  return { kind: 'scalar', style, start, end, tag: undefined, anchor: undefined, text };
}

const [BREAK, RETURN, BLANK, DASH] = [0x0a, 0x0d, 0x20, 0x2d];

function behindBlanks({ text, isJson }: Flow, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at), isJson)) at++;
  return at;
}

function isBlank(code: number, isJson: boolean): boolean {
  return code === BLANK || (isJson && (code === BREAK || code === RETURN));
}
