import { columnAt } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import type { Hole } from './template.ts';

/** What the template holes of a text can change. */
export interface HoleReach {
  /** Are there any holes? If not, every answer is no. */
  readonly asks: boolean;
  /** Does a hole stand in the scalar? */
  readonly truncates: (scalar: Span) => boolean;
  /** Can a hole add entries to a block collection whose entries start in the column, or be the reason that some are there? */
  readonly extends: (collection: Span, column: number, isRoot: boolean) => boolean;
  /** Does a hole stand between the entries of a flow collection? */
  readonly splits: (collection: Span) => boolean;
  /** Can a hole be the missing value behind an offset, of a key or a dash in the column? */
  readonly fills: (offset: number, column: number) => boolean;
}

const NOTHING: HoleReach = { asks: false, truncates: no, extends: no, splits: no, fills: no };

/**
 * A hole on a line of its own writes its lines at the column it names (`nindent 4`), or at any column where it names none; an `if`
 * decides about the lines below it. Collections that start left of that column are not touched. An `if` with its `end` around a whole
 * document decides whether it is there, not what is in it.
 */
export function holeReach(masked: string, holes: readonly Hole[]): HoleReach {
  if (holes.length === 0) return NOTHING;
  const shown = shownHoles(masked, holes);
  const emptyUntil = gaps(masked);

  function extendsIt(collection: Span, column: number, isRoot: boolean): boolean {
    const first = firstFrom(shown, collection.start);
    for (let i = first - 1; i >= 0; i--) {
      const hole = shown[i];
      if (!hole || hole.next !== collection.start) break;
      const wraps = isRoot && hole.end !== undefined && emptyUntil(collection.end) >= hole.end && hole.end >= collection.end;
      if (writesAt(hole, column) && !wraps) return true;
    }
    for (let i = first; i < shown.length; i++) {
      const hole = shown[i];
      if (!hole || hole.at >= collection.end) return trails(collection.end, i, column);
      if (hole.column <= column) return true;
    }
    return false;
  }

  /** Can a hole right behind a collection add to it? An `if` there decides about what follows only. */
  function trails(end: number, from: number, column: number): boolean {
    const until = emptyUntil(end);
    for (let i = from; (shown[i]?.at ?? Infinity) < until; i++) {
      const hole = shown[i];
      if (hole?.writes && writesAt(hole, column)) return true;
    }
    return false;
  }

  function fills(offset: number, column: number): boolean {
    const until = emptyUntil(offset);
    for (let i = firstFrom(shown, offset); (shown[i]?.at ?? Infinity) < until; i++) {
      const hole = shown[i];
      // A list may stand in the column of its key; what an `if` guards there would have been read as the value.
      if (hole?.writes && (hole.column === ANYWHERE || hole.column >= column)) return true;
      if (hole && !hole.writes && hole.column > column && hole.column < NOWHERE) return true;
    }
    return false;
  }

  return {
    asks: true,
    truncates: (scalar) => (holes[firstWhere(holes, (hole) => hole.end > scalar.start)]?.start ?? Infinity) < scalar.end,
    splits: (collection) => (shown[firstFrom(shown, collection.start)]?.at ?? Infinity) < collection.end,
    extends: extendsIt,
    fills,
  };
}

function writesAt(hole: Shown, column: number): boolean {
  return hole.column === ANYWHERE || hole.column === column;
}

const ANYWHERE = -1;
const NOWHERE = Infinity;

/** A hole on lines of its own that can make a difference. */
interface Shown {
  /** Its offset. */
  readonly at: number;
  /** Does it write text itself? Else it decides about the text below it. */
  readonly writes: boolean;
  /** The column of the lines it writes or decides about. */
  readonly column: number;
  /** The offset of what follows it. */
  readonly next: number;
  /** Where the part it decides about ends, if it has no `else` and is not repeated. */
  readonly end: number | undefined;
}

function shownHoles(masked: string, holes: readonly Hole[]): readonly Shown[] {
  const nexts = nextContents(masked, holes);
  const blocks = blocksOf(holes);
  return holes.flatMap((hole): Shown[] => {
    if (!hole.wholeLine || hole.role === 'silent' || hole.role === 'end') return [];
    const next = nexts.get(hole) ?? masked.length;
    if (hole.role === 'output') return [{ at: hole.start, writes: true, column: hole.indent ?? ANYWHERE, next, end: undefined }];
    const block = blocks.get(hole);
    const isEmpty = next >= (block?.end ?? masked.length);
    const column = isEmpty ? NOWHERE : columnAt(masked, next);
    return [{ at: hole.start, writes: false, column, next, end: block?.plain ? block.end : undefined }];
  });
}

interface Block {
  readonly end: number;
  readonly plain: boolean;
}

/** For each `if`, `range` and `else`, where its block ends; plain ones have no `else` and are not repeated. */
function blocksOf(holes: readonly Hole[]): ReadonlyMap<Hole, Block> {
  const blocks = new Map<Hole, Block>();
  const open: Hole[][] = [];
  for (const hole of holes) {
    if (hole.role === 'if' || hole.role === 'range') open.push([hole]);
    if (hole.role === 'else') open.at(-1)?.push(hole);
    if (hole.role !== 'end') continue;
    const parts = open.pop() ?? [];
    const plain = parts.length === 1 && parts[0]?.role === 'if';
    parts.forEach((part, i) => blocks.set(part, { end: parts[i + 1]?.start ?? hole.start, plain }));
  }
  return blocks;
}

function no(): boolean {
  return false;
}

/** The index of the first hole at the offset or behind it. */
function firstFrom(holes: readonly Shown[], offset: number): number {
  return firstWhere(holes, (hole) => hole.at >= offset);
}

function firstWhere<T>(holes: readonly T[], holds: (hole: T) => boolean): number {
  let low = 0;
  let high = holes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const hole = holes[middle];
    if (hole && holds(hole)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** For each hole, the offset of the next thing in the text that is neither blank nor a comment. */
function nextContents(masked: string, holes: readonly Hole[]): ReadonlyMap<Hole, number> {
  const nexts = new Map<Hole, number>();
  let following: Hole | undefined;
  for (const hole of holes.toReversed()) {
    const end = skipEmpty(masked, hole.end, following?.wholeLine ? following.start : masked.length);
    nexts.set(hole, following?.wholeLine && end >= following.start ? (nexts.get(following) ?? end) : end);
    following = hole;
  }
  return nexts;
}

/** Up to where a text is blank from an offset on, apart from comments. Every offset is looked at once. */
function gaps(masked: string): (offset: number) => number {
  const ends = new Map<number, number>();
  return (offset) => {
    const found = ends.get(offset) ?? skipEmpty(masked, offset, masked.length);
    ends.set(offset, found);
    return found;
  };
}

function skipEmpty(text: string, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const character = text[at];
    if (character === '#' && (at === 0 || /[ \t\r\n]/.test(text[at - 1] ?? '')))
      while (at < to && text[at] !== '\n' && text[at] !== '\r') at++;
    else if (character === ' ' || character === '\n' || character === '\r' || character === '\t') at++;
    else return at;
  }
  return to;
}
