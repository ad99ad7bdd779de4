import type { Span } from '../../../base/span.ts';
import { applyEdits, type Edit, likeScalar } from '../../../syntax/edit.ts';
import { scalarOffsets } from '../../../syntax/scalar-offsets.ts';
import type { ScalarNode } from '../../../syntax/tree.ts';

/** Where a part of a selector stands in the text of its manifest; the whole value where this is uncertain. */
export function selectorSpan(text: string, node: ScalarNode, { start, end }: Span): Span {
  const offsets = scalarOffsets(node, text);
  const from = offsets?.[start];
  const to = end > start ? offsets?.[end - 1] : from;
  if (from === undefined || to === undefined) return node.span;
  // A line break cannot be seen: what makes it stand in the value is the indicator of the block text.
  if (text.slice(from, to + 1).trim() === '' && end > start) return { start: node.span.start, end: node.span.start + 1 };
  // An empty stretch, such as the end of the text, still has to be seen.
  const last = end > start ? to + 1 : to;
  return last > from
    ? { start: from, end: last }
    : { start: Math.max(node.span.start, from - 1), end: Math.max(from, node.span.start + 1) };
}

/**
 * The stretches of the text of the manifest that a part of a selector was written in, none of which holds a line break: more than one
 * where the YAML folds lines inside it. None where the place is uncertain. `offsets`: what `scalarOffsets` gives for the node.
 */
export function selectorPieces(text: string, offsets: readonly number[], { start, end }: Span): readonly Span[] {
  const pieces: { start: number; end: number }[] = [];
  for (let i = start; i < end; i++) {
    const [from, next] = [offsets[i], offsets[i + 1]];
    if (from === undefined || next === undefined) return [];
    if (/[\r\n]/.test(text[from] ?? '')) continue;
    // What stands between two characters of the value is an escape, or a line break with the blanks around it.
    const to = /[\r\n]/.test(text.slice(from, next)) ? from + 1 : Math.max(next, from + 1);
    const last = pieces.at(-1);
    if (last?.end === from) last.end = to;
    else pieces.push({ start: from, end: to });
  }
  return pieces;
}

/** A change of the selector as a change of the YAML: in place where the text allows it, else the value is written anew. */
export function selectorEdit(
  text: string,
  node: ScalarNode,
  edits: readonly { readonly span: Span; readonly text: string }[],
): Edit | undefined {
  const changed = applyEdits(
    node.text,
    edits.map(({ span, text: put }) => ({ ...span, text: put })),
  );
  const { start, end } = node.span;
  const isBlock = node.style === 'literal' || node.style === 'folded';
  const isOneLine = !/[\r\n]/.test(text.slice(start, end));
  if (!isBlock && scalarOffsets(node, text) === undefined) return undefined;
  if (node.style === 'plain' && isOneLine && isPlainSafe(changed)) return { start, end, text: changed };
  return { start, end, text: written(changed.replace(/[\r\n]+$/, ''), node) };
}

/** In quotes that need no escapes, where there are such. */
function written(changed: string, node: ScalarNode): string {
  if (node.style === 'single' || node.style === 'double') return likeScalar(changed, node);
  if (!changed.includes('"') && !changed.includes('\\')) return `"${changed}"`;
  return `'${changed.replaceAll("'", "''")}'`;
}

/** Is it read back as it is, without quotes? */
function isPlainSafe(changed: string): boolean {
  return /^[A-Za-z(][^\r\n]*[^\s:]$/.test(changed) && !/: |\s#|[{}[\],]/.test(changed);
}
