import { bitsOf, each, type Bits } from './bits.ts';

/** A set of elements that an item is about; `all` stands for every element there is. */
export interface Marked<T> {
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

/** Sorts elements `0` to `size - 1` by which marks hold them. The work is the sum of the sizes of the sets, not their number squared. */
export function partition<T>(size: number, marks: readonly Marked<T>[], scratch: Int32Array = new Int32Array(size)): Partition<T> {
  const touched: number[] = [];
  // Cell 0 is the rest; an emptied cell stays in the list without members.
  const cells: (Link<T> | undefined)[] = [undefined];
  for (const { on, item } of marks) {
    if (on === 'all') {
      cells.forEach((items, at) => (cells[at] = { item, before: items }));
      continue;
    }
    const moved = new Map<number, number>();
    each(on, (element) => {
      const old = scratch[element] ?? 0;
      let now = moved.get(old);
      if (now === undefined) {
        now = cells.push({ item, before: cells[old] }) - 1;
        moved.set(old, now);
      }
      if (old === 0) touched.push(element);
      scratch[element] = now;
    });
  }
  const members = new Map<number, number[]>();
  for (const element of touched) {
    const cell = scratch[element] ?? 0;
    const list = members.get(cell);
    if (list) list.push(element);
    else members.set(cell, [element]);
    scratch[element] = 0;
  }
  return { cells: [...members].map(([cell, list]) => ({ items: itemsOf(cells[cell]), members: bitsOf(list) })), rest: itemsOf(cells[0]) };
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
