import { startOfLine } from '../base/lines.ts';

/**
 * The text with the lines inside each bracket and quote joined, at the same offsets; `undefined` where there is none of several lines.
 * The YAML library wants such lines indented more than what is around them. Go's scanner does not look at their indentation: in brackets
 * `yaml_parser_unroll_indent` does nothing, and `yaml_parser_scan_flow_scalar` reads a quote to its end (go.yaml.in/yaml/v2 scannerc.go).
 * There a line break is as good as a blank, except in what `joined` leaves alone.
 */
export function joinedLines(text: string): string | undefined {
  let out = '';
  let taken = 0;
  for (let at = 0; at < text.length;) {
    const end = tokenEnd(text, at);
    const put = /["'[{]/.test(text.charAt(at)) ? joined(text, at, end) : undefined;
    if (put !== undefined) {
      out += text.slice(taken, at) + put;
      taken = end;
    }
    at = end;
  }
  return taken === 0 ? undefined : out + text.slice(taken);
}

/**
 * A bracket or quote on one line. `undefined` where it is so already, where nothing closes it, and where a line break is more than a
 * blank to Go: in or around a key, which must stand on one line, behind a backslash, and in front of a colon.
 */
function joined(text: string, start: number, end: number): string | undefined {
  const inside = text.slice(start, end);
  if (!/[\r\n]/.test(inside) || !CLOSES[text.charAt(start)]?.includes(inside.charAt(inside.length - 1))) return undefined;
  if (/^[ \t]*:(?:[ \t\r\n]|$)/.test(text.slice(end, end + 200)) || /\\[\r\n]|[\r\n][ \t]*:[ \t\r\n,[\]{}]/.test(inside)) return undefined;
  const tokens = /["']/.test(inside.charAt(0)) ? [inside] : tokensInBrackets(text, start, end);
  if (/wc+w/.test(tokens.map(letterOf).join(''))) return undefined;
  return tokens.map((token) => (token.startsWith('#') ? ' '.repeat(token.length) : token.replace(/[\r\n]/g, ' '))).join('');
}

const CLOSES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']', '{': '}' };

/** Says what a token is, so that a comment between two words is found: it ends the first, and a comma is missing. */
function letterOf(token: string): string {
  if (token.startsWith('#')) return 'c';
  return /^[ \t\r\n]/.test(token) ? '' : /^[,[\]{}]/.test(token) ? ',' : 'w';
}

const BLANKS = /[ \t\r\n\uFEFF]+/y;
const COMMENT = /#[^\r\n]*/y;
const INDICATOR = /[-?:](?=[ \t\r\n]|$)/y;
const PROPERTY = /[&*!][^ \t\r\n]*/y;
const HEADER = /[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
const PLAIN = /(?:[^\r\n:#]+|:(?![ \t\r\n]|$)|(?<![ \t])#)+/y;
const PLAIN_IN_BRACKETS = /(?:[^\r\n:#,[\]{}]+|:(?![ \t\r\n,[\]{}]|$)|(?<![ \t\r\n])#)+/y;
const DOUBLE = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|$)/y;
const SINGLE = /'[^']*(?:''[^']*)*(?:'|$)/y;

/** The end of the token that starts at an offset outside of brackets; a bracket ends where it is closed. */
function tokenEnd(text: string, at: number): number {
  const next = text.charAt(at);
  if (next === '[' || next === '{') return bracketEnd(text, at);
  const header = next === '|' || next === '>' ? matchEnd(HEADER, text, at) : at;
  return header > at
    ? blockScalarEnd(text, at, header)
    : firstMatchEnd([DOUBLE, SINGLE, BLANKS, COMMENT, INDICATOR, PROPERTY, PLAIN], text, at);
}

/** Behind the bracket that closes the one at an offset; the end of the text where nothing does. */
function bracketEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at = innerEnd(text, at)) {
    const next = text.charAt(at);
    if (next === '[' || next === '{') depth++;
    if ((next === ']' || next === '}') && --depth === 0) return at + 1;
  }
  return text.length;
}

function tokensInBrackets(text: string, start: number, end: number): readonly string[] {
  const tokens: string[] = [];
  for (let at = start; at < end;) {
    const behind = Math.min(end, innerEnd(text, at));
    tokens.push(text.slice(at, behind));
    at = behind;
  }
  return tokens;
}

function innerEnd(text: string, at: number): number {
  return firstMatchEnd([DOUBLE, SINGLE, BLANKS, COMMENT, PLAIN_IN_BRACKETS], text, at);
}

function firstMatchEnd(tokens: readonly RegExp[], text: string, at: number): number {
  for (const token of tokens) {
    const end = matchEnd(token, text, at);
    if (end > at) return end;
  }
  return at + 1;
}

function matchEnd(token: RegExp, text: string, at: number): number {
  token.lastIndex = at;
  return at + (token.exec(text)?.[0].length ?? 0);
}

/** A block scalar reaches over the lines that are indented as its first one with content, and more than the line of its header. */
function blockScalarEnd(text: string, at: number, header: number): number {
  const content = header + Math.max(0, text.slice(header).search(/[^ \t\r\n]/));
  const indent = content - startOfLine(text, content);
  const around = text.slice(startOfLine(text, at), at).search(/[^ ]/);
  if (indent <= around) return header;
  return matchEnd(new RegExp(`(?:[ \\t]*(?:\\r\\n|\\r|\\n|$)|[ ]{${indent}}[^\\r\\n]*)+`, 'y'), text, header);
}
