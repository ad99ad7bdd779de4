/** A half-open range of UTF-16 offsets, relative to the start of the manifest (piece of text) it belongs to. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Does the span hold the offset? Its end counts: a cursor right behind a word is at the word. */
export function touches(where: Span, offset: number): boolean {
  return where.start <= offset && offset <= where.end;
}

/** The same span, moved by a number of characters. */
export function shift(where: Span, by: number): Span {
  return { start: where.start + by, end: where.end + by };
}
