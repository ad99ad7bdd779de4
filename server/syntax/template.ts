import { startOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import { valueHoles } from './value-holes.ts';

/** A text whose template holes are replaced, character for character, by something that parses as YAML. */
export interface Masked {
  readonly text: string;
  /** Every hole, in order; offsets are the same before and after masking. */
  readonly holes: readonly Hole[];
}

/** One template action, `{{ … }}` or `{% … %}`, or another piece of text that something fills in later, such as `${NAME}`. */
export interface Hole extends Span {
  /** Does it stand for a part of one value? Then it changes nothing about the structure around it. */
  readonly inValue: boolean;
  /** The hole stands alone on its line, or is a value that goes on below: it may make any number of lines, or none. */
  readonly wholeLine: boolean;
  /** Does it write text, open, continue or end a conditional part, or (comments, assignments) do nothing that shows? */
  readonly role: HoleRole;
  /** The column at which `nindent` or `indent` puts what the hole writes; `undefined` where that is not said. */
  readonly indent: number | undefined;
}

export type HoleRole = 'output' | 'if' | 'range' | 'else' | 'end' | 'silent';

/**
 * Masks what something fills in later at equal length: template actions (`{{ … }}`, `${{ … }}`, `{% … %}`),
 * variables (`${NAME}`, `$(NAME)`) and values in parentheses. A hole alone on its line becomes blank; any other becomes a run of
 * letters, so that the text around it keeps its structure. An action that is not closed yet is masked up to the end of its line.
 * Takes time in proportion to the length of the text.
 */
export function maskTemplate(text: string): Masked {
  const spans = allSpans(text);
  if (spans.length === 0) return { text, holes: [] };
  const holes = linesOfHoles(text, spans).flatMap((line) => holesOf(text, line));
  const parts: string[] = [];
  let at = 0;
  for (const hole of holes) {
    parts.push(text.slice(at, hole.start), filler(text.slice(hole.start, hole.end), hole.wholeLine));
    at = hole.end;
  }
  return { text: parts.join('') + text.slice(at), holes };
}

interface HoleSpan extends Span {
  readonly inValue: boolean;
}

/** The spans of all holes. What an action contains is part of it. */
function allSpans(text: string): readonly HoleSpan[] {
  const actions = [...(text.includes('{{') ? holeSpans(text) : []), ...(text.includes('{%') ? statementSpans(text) : [])];
  const ordered = actions.toSorted((a, b) => a.start - b.start).map((span) => ({ ...span, inValue: false }));
  const values = valueHoles(text);
  if (values.length === 0) return ordered;
  const all: HoleSpan[] = [];
  let at = 0;
  for (const span of values) {
    for (let next = ordered[at]; next && next.start <= span.start; next = ordered[at]) {
      all.push(next);
      at++;
    }
    const isApart = span.start >= (all.at(-1)?.end ?? 0) && span.end <= (ordered[at]?.start ?? Infinity);
    if (isApart) all.push({ ...span, inValue: true });
  }
  return [...all, ...ordered.slice(at)];
}

/** Jinja statements, `{% if x %}`, each within 20,000 characters. */
function statementSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const closing = finder(text, '%}');
  for (let from = text.indexOf('{%'); from !== -1;) {
    const close = closing(from + 2);
    if (close === undefined) break;
    if (close - from < MAX_HOLE_CHARACTERS) spans.push({ start: from, end: close + 2 });
    from = text.indexOf('{%', close - from < MAX_HOLE_CHARACTERS ? close + 2 : from + 2);
  }
  return spans;
}

const LOOKS_LIKE_TEMPLATE = /^\{\{-?\s*(?:$|[.$"'`(]|\/\*|[a-z]+\b)/;
const MAX_HOLE_CHARACTERS = 20_000;
/** A line that cannot be part of an action: the action above it was never closed. */
const YAML_LINE = /[\r\n][ \t]*(?:- +)*[\w./-]+:(?=[ \t\r\n])/;

function holeSpans(text: string): Span[] {
  const spans: Span[] = [];
  const closing = finder(text, '}}');
  const closingComment = finder(text, '*/');
  for (let from = text.indexOf('{{'); from !== -1;) {
    const end = holeEnd(text, from, closing, closingComment);
    // `${{ … }}` of workflows and of OpenShift.
    if (end !== undefined) spans.push({ start: text[from - 1] === '$' ? from - 1 : from, end });
    from = text.indexOf('{{', end ?? from + 2);
  }
  return spans;
}

type Finder = (from: number) => number | undefined;

/** Finds the next place of a word; asked from left to right, it reads the text only once. */
function finder(text: string, word: string): Finder {
  let found = -1;
  let isLast = false;
  return (from) => {
    if (found < from && !isLast) {
      found = text.indexOf(word, from);
      isLast = found === -1;
    }
    return found < from ? undefined : found;
  };
}

function holeEnd(text: string, from: number, closing: Finder, closingComment: Finder): number | undefined {
  const isComment = /^\{\{(?:- )?\/\*/.test(text.slice(from, from + 6));
  const inside = isComment ? closingComment(from) : from;
  const close = inside === undefined ? undefined : closing(inside + 2);
  if (close !== undefined && close - from < MAX_HOLE_CHARACTERS && (isComment || isAction(text.slice(from + 2, close)))) return close + 2;
  if (!LOOKS_LIKE_TEMPLATE.test(text.slice(from, from + 80).split(/[\r\n]/, 1)[0] ?? '')) return undefined;
  const line = /[^\r\n]*/y;
  line.lastIndex = from;
  return from + (line.exec(text)?.[0].trimEnd().length ?? 0);
}

function isAction(body: string): boolean {
  return !body.includes('{{') && !YAML_LINE.test(body);
}

/** Holes between which no line ends, and the text around them. */
interface LineOfHoles {
  readonly spans: readonly HoleSpan[];
  /** The line up to the first hole. */
  readonly before: string;
  /** Is there nothing but blanks between the holes? */
  readonly joined: boolean;
  /** The line behind the last hole. */
  readonly after: string;
}

function linesOfHoles(text: string, spans: readonly HoleSpan[]): LineOfHoles[] {
  const lines: LineOfHoles[] = [];
  for (let first = 0; first < spans.length;) {
    const line = lineOfHoles(text, spans, first);
    lines.push(line);
    first += line.spans.length;
  }
  return lines;
}

function lineOfHoles(text: string, spans: readonly HoleSpan[], first: number): LineOfHoles {
  const start = spans[first]?.start ?? 0;
  let last = first;
  let joined = true;
  for (let next = spans[last + 1]; next; next = spans[last + 1]) {
    const between = text.slice(spans[last]?.end, next.start);
    if (/[\r\n]/.test(between)) break;
    joined &&= between.trim() === '';
    last++;
  }
  const behind = /[^\r\n]*/y;
  behind.lastIndex = spans[last]?.end ?? start;
  return {
    spans: spans.slice(first, last + 1),
    before: text.slice(startOfLine(text, start), start),
    joined,
    after: behind.exec(text)?.[0] ?? '',
  };
}

function holesOf(text: string, line: LineOfHoles): Hole[] {
  const before = line.before.trim();
  const after = line.after.trim();
  if (before.startsWith('#')) return line.spans.map((span) => ({ ...span, wholeLine: true, role: 'silent', indent: undefined }));
  const alone = line.joined && before === '' && (after === '' || after.startsWith('#'));
  if (line.spans.every(({ inValue }) => inValue)) {
    const wholeLine = alone && !isAwaited(text, line.spans[0]?.start ?? 0);
    return line.spans.map((span) => ({ ...span, inValue: !wholeLine, wholeLine, role: 'output', indent: undefined }));
  }
  const wholeLine = alone || (line.joined && after === '' && /(?:^|[ \t])-$|:$/.test(before) && goesOnBelow(text, line));
  return line.spans.map((span) => ({ ...span, wholeLine, ...meaning(text.slice(span.start, span.end)) }));
}

/** Does the line above a hole end in a colon, a dash or an open bracket, so that the hole is the value that is missing there? */
function isAwaited(text: string, start: number): boolean {
  const above = text.slice(Math.max(0, start - 2000), startOfLine(text, start)).trimEnd();
  return /(?::|(?:^|[ \t\r\n])-|[[{,])$/.test(above);
}

/** Is the next line indented deeper than the key or the dash that the hole is the value of? Then that line belongs to the value too. */
function goesOnBelow(text: string, line: LineOfHoles): boolean {
  const column = /^[ \t]*(?:- +)*/.exec(line.before)?.[0].length ?? 0;
  const next = /[ \t]*[\r\n]+(?:[ \t]*(?:#[^\r\n]*|\{\{[^\r\n]*)?[\r\n])*([ ]*)[^ \t\r\n{#]/y;
  next.lastIndex = line.spans.at(-1)?.end ?? 0;
  return (next.exec(text.slice(0, next.lastIndex + 2000))?.[1]?.length ?? 0) > column;
}

const SILENT = /^\$?\{(?:\{-?\s*(?:\/\*|\$\w+\s*:?=|(?:define|break|continue)\b)|%[-+]?\s*(?:set|import|from|macro|endmacro)\b)/;
const CONTROL = /^\$?\{[{%][-+]?\s*(if|with|range|for|else|elif|end|endif|endfor|endwith)\b/;
const ROLES: Readonly<Record<string, HoleRole>> = {
  if: 'if',
  with: 'if',
  range: 'range',
  for: 'range',
  else: 'else',
  elif: 'else',
  end: 'end',
  endif: 'end',
  endfor: 'end',
  endwith: 'end',
};

function meaning(action: string): Pick<Hole, 'role' | 'indent'> {
  if (SILENT.test(action)) return { role: 'silent', indent: undefined };
  const role = ROLES[CONTROL.exec(action)?.[1] ?? ''];
  if (role) return { role, indent: undefined };
  const indent = /\bn?indent\s+(\d{1,3})\b/.exec(action)?.[1];
  return { role: 'output', indent: indent === undefined ? undefined : Number(indent) };
}

function filler(hole: string, wholeLine: boolean): string {
  if (wholeLine) return hole.replace(/[^\r\n]/g, ' ');
  const firstBreak = hole.search(/[\r\n]/);
  const head = firstBreak === -1 ? hole.length : firstBreak;
  return 'x'.repeat(head) + hole.slice(head).replace(/[^\r\n]/g, ' ');
}
