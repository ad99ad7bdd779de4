import { startOfLine } from '../base/lines.ts';
import { lineBreak, lineEnd } from '../syntax/edit.ts';
import type { Node } from '../syntax/tree.ts';
import type { Replacement } from './finding.ts';

/** Puts an item behind the last one of a list in block style; `undefined` for other lists. The item may have several lines. */
export function itemBehind(text: string, list: Node | undefined, item: string): Replacement | undefined {
  if (list?.kind !== 'seq' || list.hole) return undefined;
  const last = list.items.at(-1);
  const column = last ? last.span.start - startOfLine(text, last.span.start) : -1;
  // In flow style an item begins behind a bracket or comma, not with a dash.
  if (!last || text[last.span.start] !== '-') return undefined;
  const indent = ' '.repeat(column);
  const written = item
    .split('\n')
    .map((line, i) => `${indent}${i === 0 ? '- ' : '  '}${line}`)
    .join(lineBreak(text));
  const end = lineEnd(text, Math.max(last.span.start, last.span.end - (text[last.span.end - 1] === '\n' ? 1 : 0)));
  return { start: end, end, text: `${lineBreak(text)}${written}` };
}
