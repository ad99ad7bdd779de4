import { startOfLine, columnAt, endOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import { contentOfLine, isFirstOnLine, isInBrackets } from './problem.ts';
import type { Hole } from './template.ts';
import type { YamlError } from './yaml.ts';

/** A text in which half-typed lines no longer hide what stands around them. */
export interface Repaired {
  readonly text: string;
  /** The errors whose places were repaired; other errors may only have followed from them. */
  readonly repaired: readonly YamlError[];
  /** Where the text was changed. Nothing can be claimed about what will stand there, as in the hole of a template. */
  readonly gaps: readonly Hole[];
}

/**
 * A line that is still being typed (`podSel`, `-x`, `a: "po`) makes the YAML parser misread its neighbours. Such a place is masked, at
 * equal length, so that the rest keeps its meaning. `undefined` where no error says how.
 */
export function repair(text: string, errors: readonly YamlError[]): Repaired | undefined {
  const fixes: { readonly fix: Fix; readonly error: YamlError }[] = [];
  for (const error of errors.slice(0, MAX_REPAIRS)) {
    const fix = fixFor(text, error);
    if (fix && fix.start < fix.end && fixes.every((other) => other.fix.end <= fix.start || fix.end <= other.fix.start))
      fixes.push({ fix, error });
  }
  if (fixes.length === 0) return undefined;
  let out = text;
  for (const { fix } of fixes) out = out.slice(0, fix.start) + masked(out.slice(fix.start, fix.end), fix.fill) + out.slice(fix.end);
  const gaps = fixes.flatMap(({ fix }) => gapOf(text, fix)).toSorted((a, b) => a.start - b.start);
  return { text: out, repaired: fixes.map(({ error, fix }) => (fix.mistake ? { ...error, span: fix.mistake } : error)), gaps };
}

const MAX_REPAIRS = 20;

interface Fix {
  readonly start: number;
  readonly end: number;
  /**
   * `line`: blanked, as if it were not there yet; `stray`: a blanked line whose place in the structure is unknown; `value`: letters, so
   * that a value stays one; `blank`: it means nothing; `comma`: what separates two entries in brackets.
   */
  readonly fill: 'line' | 'stray' | 'value' | 'blank' | 'comma';
  /** Where the mistake is, if not where it was noticed. */
  readonly mistake?: Span;
}

function fixFor(text: string, error: YamlError): Fix | undefined {
  const { code, message, span } = error;
  const isFirst = isFirstOnLine(text, span.start);
  const rest: Fix = { start: span.start, end: valueEnd(text, span.start), fill: isFirst ? 'line' : 'value' };
  if (/^Missing closing/.test(message) || code === 'BAD_SCALAR_START' || /block-seq-ind on same line/.test(message)) return rest;
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return /:(?:\s|$)/.test(text.slice(span.start, rest.end)) ? rest : undefined;
  if (/^Missing ,/.test(message)) return commaBefore(text, span.start);
  if (code === 'MULTILINE_IMPLICIT_KEY' && isInBrackets(text, span.start)) return commaBefore(text, contentOfLine(text, span.end).start);
  if (code === 'MULTILINE_IMPLICIT_KEY' || /^Implicit map keys/.test(message)) return isFirst ? rest : lineFix(text, span.end);
  if (/^Unexpected flow-(?:seq|map)-end/.test(message)) return { ...span, fill: 'blank' };
  if (code === 'TAB_AS_INDENT') return tabs(text, span.start);
  if (/^Unexpected scalar at node end/.test(message) && isFirst) return indentedStart(text, span.start);
  return undefined;
}

/** The end of a value on its line, before a comment and the brackets and commas that may end what it is in. */
function valueEnd(text: string, start: number): number {
  const line = text.slice(start, Math.min(endOfLine(text, start), start + MAX_LINE_CHARACTERS));
  return start + line.replace(/[ \t]#.*$/, '').replace(/[\s\]},]+$/, '').length;
}

const MAX_LINE_CHARACTERS = 1000;

/** The line of an offset, from its first character on: it is indented deeper than the complete value above it. */
function lineFix(text: string, offset: number): Fix {
  const { start } = contentOfLine(text, Math.max(0, offset - 1));
  return { start, end: valueEnd(text, start), fill: 'stray' };
}

/** `{"a": 1` and, on the next line, `"b": 2}`: the blank or line break between them becomes the comma that is missing. */
function commaBefore(text: string, offset: number): Fix | undefined {
  return /\s/.test(text[offset - 1] ?? '') ? { start: offset - 1, end: offset, fill: 'comma' } : undefined;
}

function tabs(text: string, offset: number): Fix {
  const run = /[ \t]*/y;
  run.lastIndex = offset;
  return { start: offset, end: offset + (run.exec(text)?.[0].length ?? 0), fill: 'blank' };
}

/** A first line that is indented deeper than all others: `  apiVersion: v1`, then `kind: Pod`. Or a lone dash above the first key. */
function indentedStart(text: string, offset: number): Fix | undefined {
  const before = text.slice(0, offset);
  const content = /(?<![^\r\n])(?!---|#|%|\s*#)[ \t]*([^\s])/.exec(before);
  if (!content) return undefined;
  const start = content.index + content[0].length - 1;
  const isShort = before.slice(start).split('\n').length <= 4;
  if (!isShort || columnAt(text, offset) > columnAt(text, start)) return undefined;
  return { start, end: startOfLine(text, offset), fill: 'stray', mistake: { start, end: start + 1 } };
}

function masked(text: string, fill: Fix['fill']): string {
  return fill === 'comma' ? ',' : text.replace(/[^\r\n]/g, fill === 'value' ? 'x' : ' ');
}

function gapOf(text: string, { start, end, fill }: Fix): Hole[] {
  if (fill === 'blank' || fill === 'comma') return [];
  return [
    {
      start,
      end,
      inValue: false,
      wholeLine: fill !== 'value',
      role: 'output',
      indent: fill === 'stray' ? undefined : columnAt(text, start),
    },
  ];
}
