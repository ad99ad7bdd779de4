import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Document,
  type Node as YamlNode,
  type Pair as YamlPair,
} from 'yaml';
import type { Span } from '../base/span.ts';
import { finished, type Work } from '../base/work.ts';

/** What the YAML library makes of a text. The only file that knows the library: a faster one can take its place. */
export interface Composed {
  /** The content of every document; more than one where the indentation fell apart. */
  readonly documents: readonly { readonly start: number; readonly content: Source | undefined }[];
  readonly errors: readonly YamlError[];
  /** Where the nesting exceeds the limit; then nothing else was read. */
  readonly tooDeep?: number;
}

/** An error in the words of the library. */
export interface YamlError {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
}

/** A node of the library, or what was read without it; `look` says what it is. */
export type Source = YamlNode | View;

/** What a node is. Spans count from the start of the text, without anchor and tag; they may end with blanks. */
export type View = Span & { readonly tag: string | undefined; readonly anchor: string | undefined } & (
    | { readonly kind: 'map'; readonly flow: boolean; readonly pairs: readonly PairView[] }
    | { readonly kind: 'seq'; readonly flow: boolean; readonly items: readonly ItemView[] }
    | { readonly kind: 'scalar'; readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded'; readonly text: string }
    | { readonly kind: 'alias'; readonly name: string }
  );

export interface PairView {
  readonly key: Source | undefined;
  readonly value: Source | undefined;
  /** The offset of the colon. */
  readonly colon: number | undefined;
}

export interface ItemView {
  readonly value: Source;
  /** The offset of the dash; none in flow style. */
  readonly dash: number | undefined;
}

/** The deepest nesting that is read. The library recurses: some thousands of levels would exhaust its stack, or worse. */
const MAX_DEPTH = 200;

const OPTIONS = {
  schema: 'failsafe',
  uniqueKeys: false,
  merge: false,
  keepSourceTokens: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads the documents of a text. Scalars keep their source; aliases are not followed. */
export function compose(text: string): Composed {
  return finished(composeWork(text));
}

/** The same in steps; only the last one, in which the library makes nodes of what it has read, is a long one. */
export function* composeWork(text: string): Work<Composed> {
  const work = composeAll(text);
  for (;;) {
    const step = withoutStackTraces(() => work.next());
    if (step.done === true) return step.value;
    yield;
  }
}

/** The library makes an Error of each mistake; in a text that is not YAML, their stack traces would take nearly all the time. */
function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** How many words are read in one step. */
const LEXEMES_OF_A_STEP = 1000;

function* composeAll(text: string): Work<Composed> {
  const parser = new Parser();
  const composer = new Composer(OPTIONS);
  const documents: Document.Parsed[] = [];
  let strays = 0;
  const take = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) {
      if (token.type === 'error') strays++;
      for (const document of composer.next(token)) documents.push(document);
    }
  };
  let quote = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes % LEXEMES_OF_A_STEP === 0) yield;
    if (lexeme.startsWith('"') || lexeme.startsWith("'")) quote = parser.offset;
    take(parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return { documents: [], errors: [], tooDeep: parser.offset };
    if (strays > MAX_ERRORS) break;
  }
  take(parser.end());
  documents.push(...composer.end());
  const errors = documents.length === 0 ? composer.streamInfo().errors : documents.flatMap((document) => document.errors);
  return {
    documents: documents.map((document) => ({ start: document.range[0], content: document.contents ?? undefined })),
    errors: errors.slice(0, MAX_ERRORS).map(({ code, pos, message }) => ({
      code,
      // A quote that is never closed is noticed at the end of the text; what opened it is the last quote.
      span: { start: message.startsWith('Missing closing') ? quote : pos[0], end: pos[1] },
      message,
    })),
  };
}

/** More are of no use; a text that is not YAML has any number of them. */
const MAX_ERRORS = 1000;

/** What a node is, and where. */
export function look(source: Source): View {
  if ('kind' in source) return source;
  const start = source.range?.[0] ?? 0;
  const end = source.range?.[1] ?? 0;
  const tag = source.tag;
  if (isScalar(source)) {
    const style = STYLES[source.type ?? ''] ?? 'plain';
    // The value may be anything that the library makes of a tag; `!!binary` becomes bytes.
    const text = source.source ?? source.value;
    return { kind: 'scalar', start, end, tag, anchor: nameOf(source.anchor), style, text: typeof text === 'string' ? text : '' };
  }
  if (isMap<YamlNode, YamlNode | null>(source)) {
    return { kind: 'map', start, end, tag, anchor: nameOf(source.anchor), flow: source.flow === true, pairs: source.items.map(pairView) };
  }
  if (isSeq<YamlNode>(source)) {
    const tokens = source.srcToken && 'items' in source.srcToken ? source.srcToken.items : [];
    const items = source.items.map((value, i) => ({ value, dash: offsetOf(tokens[i]?.start, 'seq-item-ind') }));
    return { kind: 'seq', start, end, tag, anchor: nameOf(source.anchor), flow: source.flow === true, items };
  }
  return { kind: 'alias', start, end, tag: undefined, anchor: undefined, name: isAlias(source) ? source.source : '' };
}

function nameOf(anchor: string | undefined): string | undefined {
  return anchor === '' ? undefined : anchor;
}

function pairView(pair: YamlPair<YamlNode, YamlNode | null>): PairView {
  // The library types a missing key as present, although it is null.
  return { key: pair.key ?? undefined, value: pair.value ?? undefined, colon: offsetOf(pair.srcToken?.sep, 'map-value-ind') };
}

function offsetOf(tokens: readonly CST.SourceToken[] | undefined, type: 'map-value-ind' | 'seq-item-ind'): number | undefined {
  for (const token of tokens ?? []) if (token.type === type) return token.offset;
  return undefined;
}

const STYLES: Readonly<Record<string, 'plain' | 'single' | 'double' | 'literal' | 'folded'>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};
