import { startOfLine } from '../base/lines.ts';
/** How a line of YAML that may be half-typed looks around the cursor. Offsets count from the start of the text. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly cursor: number;
  /** Indentation and dashes, up to the cursor at most. */
  readonly prefix: string;
  /** The word at the cursor; `token` is its part before the cursor. */
  readonly token: string;
  readonly tokenStart: number;
  readonly tokenEnd: number;
  /** What follows the word. */
  readonly rest: string;
  /** How many blanks stand right before the cursor, behind a colon. */
  readonly blanks: number;
  /** A colon stands right behind the word: it is a key. */
  readonly hasColon: boolean;
  /** The cursor stands right behind a colon or a dash, which need a blank. */
  readonly needsBlank: boolean;
  readonly opensItem: boolean;
  /** Only a key and its colon stand before the cursor. */
  readonly endsKey: boolean;
}

/** The line around an offset of a text. */
export function lineAround(text: string, cursor: number): Line {
  const start = startOfLine(text, cursor);
  const length = text.slice(cursor).search(/[\r\n]/);
  const end = length === -1 ? text.length : cursor + length;
  const [before, after] = [text.slice(start, cursor), text.slice(cursor, end)];
  const prefix = /^ *(?:- +)*/.exec(before)?.[0] ?? '';
  const opensItem = /^ *(?:- +)*-$/.test(before);
  const needsBlank = opensItem || (/[\w"'}\]]:$/.test(before) && /^(?:[\s,}\]]|$)/.test(after));
  const token = needsBlank ? '' : wordBefore(before);
  const tail = needsBlank ? '' : wordAfter(token, after);
  const rest = after.slice(tail.length);
  return {
    start,
    end,
    cursor,
    prefix,
    token,
    tokenStart: cursor - token.length,
    tokenEnd: cursor + tail.length,
    rest,
    blanks: /:( *)$/.exec(before)?.[1]?.length ?? 0,
    hasColon: /^\s*:(?:\s|$)/.test(rest),
    needsBlank,
    opensItem,
    endsKey: /^ *(?:- +)*(?:[^\s#'"{[]\S*|"[^"]*"|'[^']*'): *$/.test(before),
  };
}

/** The word, or the opened quotation, that ends at the cursor. */
function wordBefore(before: string): string {
  let quote: { readonly mark: string; readonly at: number } | undefined;
  for (let i = 0; i < before.length; i++) {
    const character = before[i] ?? '';
    if (quote) {
      if (character === '\\' && quote.mark === '"') i++;
      else if (character === quote.mark) quote = undefined;
    } else if ((character === '"' || character === "'") && /^$|[\s,:[{-]/.test(before[i - 1] ?? '')) {
      quote = { mark: character, at: i };
    }
  }
  return quote ? before.slice(quote.at) : (/[^\s,[\]{}"'#]*$/.exec(before)?.[0] ?? '');
}

function wordAfter(token: string, after: string): string {
  const quote = token[0];
  if (quote === '"' || quote === "'") return new RegExp(`^[\\w./:*-]*${quote}?`).exec(after)?.[0] ?? '';
  if (token === '' && /^["']/.test(after)) return /^(["'])[\w./:*-]*\1/.exec(after)?.[0] ?? '';
  return /^(?:[^\s,[\]{}"'#:]|:(?=[^\s,[\]{}]))*/.exec(after)?.[0] ?? '';
}

/** What the lines around a place say about where entries may stand. */
export interface CursorLayout {
  /** The columns of the maps and lists that are open above. */
  readonly columns: readonly number[];
  /** Those of them at which a list has its dashes. */
  readonly dashes: readonly number[];
  /** The column of the key or dash right above that has no value yet. */
  readonly opener: number | undefined;
  /** The indentation of the next line below; -1 where there is none. */
  readonly next: number;
}

/** Looks at the lines above and below; blank lines and comments do not count. */
export function layoutAround(text: string, above: number, belowFrom: number): CursorLayout {
  const columns: number[] = [];
  const dashes: number[] = [];
  let opener: number | undefined;
  let limit = Infinity;
  for (let end = above - 1; end >= 0 && limit > 0;) {
    const start = startOfLine(text, end);
    const line = text.slice(start, end).replace(/\s+$/, '');
    end = start - 1;
    if (/^\s*(?:#|$)/.test(line) || /^(?:\uFEFF|%)/.test(line)) continue;
    if (line.startsWith('---')) break;
    const opened = columnsOf(line);
    if (limit === Infinity && /(?:^|\s)-$|:(?:\s+[&!]\S*)?$/.test(line.replace(/\s#.*$/, ''))) opener = opened.at(-1);
    for (const column of opened.reverse()) {
      if (column < limit && line[column] === '-') dashes.push(column);
      if (column < limit) columns.push((limit = column));
    }
  }
  const next = /^[ \t]*(?![ \t]*(?:#|\r|\n|$))(?=\S)/m.exec(text.slice(belowFrom));
  return { columns, dashes, opener, next: next && !/^(?:---|\.\.\.)/.test(text.slice(belowFrom + next.index)) ? next[0].length : -1 };
}

/** `  - - a: 1` opens something at the columns 2, 4 and 6. */
function columnsOf(line: string): number[] {
  const prefix = /^ *(?:- +)*(?:-$)?/.exec(line)?.[0] ?? '';
  const columns: number[] = [];
  for (let i = 0; i < prefix.length; i++) if (prefix[i] === '-') columns.push(i);
  return prefix.length < line.length ? [...columns, prefix.length] : columns;
}

/** Does the text indent its lists below their keys (`key:`, then `  - item`)? */
export function usesIndentedLists(text: string): boolean {
  const list = /^( *(?:- +)*)[^\s#-][^\r\n]*:[ \t]*(?:\r\n|\r|\n)( *)- /m.exec(text);
  return list !== null && (list[2] ?? '').length > (list[1] ?? '').length;
}
