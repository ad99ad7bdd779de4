import type { Span } from '../base/span.ts';
import type { Path } from './path.ts';
import { asSeq, pairOf, type Node } from './tree.ts';

/** The node at a path, through aliases and merge keys; `undefined` where there is none. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let at = root;
  for (const step of path) at = typeof step === 'number' ? asSeq(at)?.items[step]?.value : pairOf(at, step)?.value;
  return at;
}

/** The span to show for a path: its value, or its key where the value is empty; the nearest enclosing value where the path ends early. */
export function spanOf(root: Node | undefined, path: Path): Span | undefined {
  let at = root;
  let shown = root?.span;
  for (const step of path) {
    const pair = typeof step === 'string' ? pairOf(at, step) : undefined;
    const item = typeof step === 'number' ? asSeq(at)?.items[step] : undefined;
    at = pair?.value ?? item?.value;
    if (at === undefined) return shown;
    shown = at.span.start < at.span.end ? at.span : (pair?.key.span ?? item?.span ?? shown);
  }
  return shown;
}
