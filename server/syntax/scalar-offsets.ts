import type { ScalarNode } from './tree.ts';

/**
 * Where each character of a scalar's value stands in the text that the node was parsed from: quotes, escapes, indentation and line folding
 * taken into account. One entry for each UTF-16 unit of `node.text` and one for its end. `undefined` where the text at its place is not
 * what it was made of, as for a value that a build brought in from elsewhere.
 */
export function scalarOffsets(node: ScalarNode, source: string): readonly number[] | undefined {
  const { text, span, style } = node;
  const isBlock = style === 'literal' || style === 'folded';
  const isQuoted = style === 'single' || style === 'double';
  const walk: Walk = { source, at: span.start, end: isQuoted ? span.end - 1 : span.end, column: 0 };
  if (isBlock) enterBlock(walk);
  if (isQuoted) walk.at++;
  const offsets: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const taken = takeCharacter(walk, text, i, style);
    if (taken === undefined) return undefined;
    for (let unit = 0; unit < taken.units; unit++) offsets.push(taken.at);
    i += taken.units - 1;
  }
  // Behind the last character: before the closing quote, or before the line break that block text ends with.
  offsets.push(text.length === 0 ? walk.at : Math.min(walk.at, walk.end));
  return offsets;
}

/** How far the reading of the source has come. */
interface Walk {
  readonly source: string;
  at: number;
  readonly end: number;
  /** The indentation of block text, which is no part of the value. */
  column: number;
}

interface Taken {
  /** The offset of what the characters were made of. */
  readonly at: number;
  /** How many UTF-16 units of the value it made. */
  readonly units: number;
}

/** Steps over the header of block text (`|`, `>-`, a comment) and finds its indentation. */
function enterBlock(walk: Walk): void {
  const { source, at, end } = walk;
  const body = /^[^\r\n]*(?:\r\n|\r|\n)?/.exec(source.slice(at, end))?.[0].length ?? 0;
  const header = /^[|>][-+]?([1-9])?/.exec(source.slice(at, at + body))?.[1];
  walk.at = at + body;
  const lines = source.slice(walk.at, end).split(/\r\n|\r|\n/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  walk.column = first.length - first.trimStart().length;
  if (header !== undefined) {
    // An explicit indentation counts from the parent, whose column the scalar does not have; the least of all lines is never less.
    walk.column = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  }
  indent(walk);
}

/** Steps over the indentation of a line of block text. */
function indent(walk: Walk): void {
  for (let blanks = 0; blanks < walk.column && walk.source[walk.at] === ' ' && walk.at < walk.end; blanks++) walk.at++;
}

function takeCharacter(walk: Walk, text: string, index: number, style: ScalarNode['style']): Taken | undefined {
  switch (style) {
    case 'literal':
    case 'folded':
      return takeFromBlock(walk, text, index);
    case 'double':
      return takeEscape(walk, text, index) ?? takeFromFlow(walk, text, index);
    case 'single':
    case 'plain':
      return takeFromFlow(walk, text, index, style === 'single');
  }
}

const BREAK = /^(?:\r\n|\r|\n)/;

function breakAt({ source, at, end }: Walk): number {
  const found = BREAK.exec(source.slice(at, Math.min(end, at + 2)));
  return found ? found[0].length : 0;
}

function takeFromBlock(walk: Walk, text: string, index: number): Taken | undefined {
  const expected = text[index];
  const { at } = walk;
  const size = breakAt(walk);
  if (size === 0) {
    // The value ends with a line break although the text has none.
    if (at >= walk.end) return expected === '\n' ? { at: walk.end, units: 1 } : undefined;
    if (walk.source[at] !== expected) return undefined;
    walk.at++;
    return { at, units: 1 };
  }
  walk.at += size;
  indent(walk);
  if (expected === '\n' || expected === ' ') return { at, units: 1 };
  // Between blank lines the first break is folded away.
  return takeFromBlock(walk, text, index);
}

function takeFromFlow(walk: Walk, text: string, index: number, isSingle: boolean = false): Taken | undefined {
  const { at } = walk;
  const expected = text[index];
  const fold = /^[ \t]*(?:\r\n|\r|\n)/.exec(walk.source.slice(at, walk.end));
  if (fold && (expected === ' ' || expected === '\n')) {
    walk.at += fold[0].length;
    // The first of several line breaks is folded away, each further one stays.
    const more = /^[ \t]*(?:\r\n|\r|\n)/.exec(walk.source.slice(walk.at, walk.end));
    if (!more || expected === ' ') skipBlanks(walk);
    else if (text[index + 1] !== '\n') skipLines(walk);
    return { at, units: 1 };
  }
  if (walk.source[at] !== expected || at >= walk.end) return undefined;
  walk.at += isSingle && expected === "'" ? 2 : 1;
  return { at, units: 1 };
}

function skipBlanks(walk: Walk): void {
  while (walk.at < walk.end && /[ \t]/.test(walk.source[walk.at] ?? '')) walk.at++;
}

function skipLines(walk: Walk): void {
  while (walk.at < walk.end && /[ \t\r\n]/.test(walk.source[walk.at] ?? '')) walk.at++;
}

/** An escape of a double-quoted string; a backslash at the end of a line joins it with the next one and makes nothing. */
function takeEscape(walk: Walk, text: string, index: number): Taken | undefined {
  const joint = /^\\(?:\r\n|\r|\n)[ \t]*/.exec(walk.source.slice(walk.at, walk.end));
  if (joint) {
    walk.at += joint[0].length;
    return takeEscape(walk, text, index) ?? takeFromFlow(walk, text, index);
  }
  const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])/.exec(walk.source.slice(walk.at, walk.end));
  if (!escape) return undefined;
  const { at } = walk;
  walk.at += escape[0].length;
  const isWide = escape[0].length === 10 && (text.codePointAt(index) ?? 0) > 0xffff;
  return { at, units: isWide ? 2 : 1 };
}
