import type { Span } from '../base/span.ts';

/** A text whose template holes are replaced, character for character, by something that parses as YAML. */
export interface Masked {
  readonly text: string;
  /** Every hole, in order; offsets are the same before and after masking. */
  readonly holes: readonly Hole[];
}

export interface Hole extends Span {
  /** The hole stands alone on its line: it may make any number of lines, or none. */
  readonly wholeLine: boolean;
}

const LOOKS_LIKE_TEMPLATE = /^\{\{-?\s*(?:$|[.$"'`(]|\/\*|[a-z]+\b)/;
const LONGEST_HOLE = 20_000;

/**
 * Masks Go and Helm template actions (`{{ … }}`) at equal length. A hole alone on its line becomes blank; any other becomes a run of
 * letters, so that the text around it keeps its structure. An action that is not closed yet is masked up to the end of its line.
 */
export function maskTemplate(text: string): Masked {
  if (!text.includes('{{')) return { text, holes: [] };
  const spans = holeSpans(text);
  if (spans.length === 0) return { text, holes: [] };
  const holes = spans.map((hole) => ({ ...hole, wholeLine: standsAlone(text, hole, spans) }));
  let masked = '';
  let at = 0;
  for (const hole of holes) {
    masked += text.slice(at, hole.start) + filler(text.slice(hole.start, hole.end), hole.wholeLine);
    at = hole.end;
  }
  return { text: masked + text.slice(at), holes };
}

function holeSpans(text: string): Span[] {
  const spans: Span[] = [];
  let from = text.indexOf('{{');
  while (from !== -1) {
    const end = holeEnd(text, from);
    if (end !== undefined) spans.push({ start: from, end });
    from = text.indexOf('{{', end ?? from + 2);
  }
  return spans;
}

function holeEnd(text: string, from: number): number | undefined {
  const head = text.slice(from, from + 80).split(/[\r\n]/, 1)[0] ?? '';
  const close = text.startsWith('/*', from + 2) || text.startsWith('- /*', from + 2) ? commentEnd(text, from) : text.indexOf('}}', from + 2);
  if (close !== -1 && close - from < LONGEST_HOLE && !text.slice(from + 2, close).includes('{{')) return close + 2;
  if (!LOOKS_LIKE_TEMPLATE.test(head)) return undefined;
  const lineEnd = text.slice(from).search(/[\r\n]/);
  return lineEnd === -1 ? text.length : from + lineEnd;
}

function commentEnd(text: string, from: number): number {
  const end = text.indexOf('*/', from);
  return end === -1 ? -1 : text.indexOf('}}', end);
}

function standsAlone(text: string, hole: Span, all: readonly Span[]): boolean {
  const lineStart = Math.max(text.lastIndexOf('\n', hole.start - 1), text.lastIndexOf('\r', hole.start - 1)) + 1;
  const rest = text.slice(hole.end).search(/[\r\n]/);
  const lineEnd = rest === -1 ? text.length : hole.end + rest;
  let line = text.slice(lineStart, lineEnd);
  for (const other of all) {
    if (other.end <= lineStart || other.start >= lineEnd) continue;
    const start = Math.max(other.start, lineStart) - lineStart;
    const end = Math.min(other.end, lineEnd) - lineStart;
    line = line.slice(0, start) + ' '.repeat(end - start) + line.slice(end);
  }
  return line.trim() === '' || line.trim().startsWith('#');
}

function filler(hole: string, wholeLine: boolean): string {
  if (wholeLine) return hole.replace(/[^\r\n]/g, ' ');
  const firstBreak = hole.search(/[\r\n]/);
  const head = firstBreak === -1 ? hole.length : firstBreak;
  return 'x'.repeat(head) + hole.slice(head).replace(/[^\r\n]/g, ' ');
}
