import { bitsOf, both, each, isNone, without, type Bits } from './bits.ts';

/** A set of elements that an item is about; `all` stands for every element there is. */
export interface MarkedSet<T> {
  readonly on: Bits | 'all';
  readonly item: T;
}

/** The elements that exactly these items are about, the items in the order they were given. */
export interface Cell<T> {
  readonly items: readonly T[];
  readonly members: Bits;
}

/** Elements sorted by what is about them. `rest` is every element not in a cell: only the items that are about all, if any. */
export interface Partition<T> {
  readonly cells: readonly Cell<T>[];
  readonly rest: readonly T[];
}

/** Sorts elements `0` to `size - 1` by which marks hold them. */
export function partition<T>(size: number, marks: readonly MarkedSet<T>[]): Partition<T> {
  return marks.length <= MIN_INDEXED_SETS ? splitSets(marks) : sortElements(size, marks);
}

/** Up to here, comparing whole sets is faster than looking at each element. */
const MIN_INDEXED_SETS = 48;

/** Splits cells set by set. The work grows with the square of the number of marks, but 32 elements go at once. */
export function splitSets<T>(marks: readonly MarkedSet<T>[]): Partition<T> {
  let cells: Draft<T>[] = [];
  let rest: Link<T> | undefined;
  for (const { on, item } of marks) {
    if (on === 'all') {
      cells = cells.map(({ members, items }) => ({ members, items: { item, before: items } }));
      rest = { item, before: rest };
      continue;
    }
    const next: Draft<T>[] = [];
    let fresh = on;
    for (const cell of cells) {
      const inside = both(cell.members, on);
      if (isNone(inside)) {
        next.push(cell);
        continue;
      }
      fresh = without(fresh, cell.members);
      next.push({ members: inside, items: { item, before: cell.items } });
      const outside = without(cell.members, on);
      if (!isNone(outside)) next.push({ members: outside, items: cell.items });
    }
    if (!isNone(fresh)) next.push({ members: fresh, items: { item, before: rest } });
    cells = next;
  }
  return { cells: cells.map(({ members, items }) => ({ members, items: itemsOf(items) })), rest: itemsOf(rest) };
}

/** Moves each element from cell to cell. The work is the sum of the sizes of the sets, however many there are. */
export function sortElements<T>(size: number, marks: readonly MarkedSet<T>[]): Partition<T> {
  const cellOf = new Int32Array(size);
  // Cell 0 is the rest; an emptied cell stays in the list without members.
  const cells: (Link<T> | undefined)[] = [undefined];
  for (const { on, item } of marks) {
    if (on === 'all') {
      cells.forEach((items, at) => (cells[at] = { item, before: items }));
      continue;
    }
    const moved = new Map<number, number>();
    each(on, (element) => {
      const old = cellOf[element] ?? 0;
      const now = moved.get(old) ?? cells.push({ item, before: cells[old] }) - 1;
      moved.set(old, now);
      cellOf[element] = now;
    });
  }
  const members = new Map<number, number[]>();
  cellOf.forEach((cell, element) => {
    const list = members.get(cell);
    if (list) list.push(element);
    else if (cell !== 0) members.set(cell, [element]);
  });
  return { cells: [...members].map(([cell, list]) => ({ items: itemsOf(cells[cell]), members: bitsOf(list) })), rest: itemsOf(cells[0]) };
}

interface Draft<T> {
  readonly members: Bits;
  readonly items: Link<T> | undefined;
}

/** Items from the last one back, shared between cells. */
interface Link<T> {
  readonly item: T;
  readonly before: Link<T> | undefined;
}

function itemsOf<T>(last: Link<T> | undefined): T[] {
  const items: T[] = [];
  for (let link = last; link; link = link.before) items.push(link.item);
  return items.reverse();
}
