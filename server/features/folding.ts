import type { Span } from '../base/span.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import { placesOf } from '../syntax/source-file.ts';
import type { Node } from '../syntax/tree.ts';
import type { FeatureContext } from './context.ts';
import { policiesIn } from './text/policies.ts';

/** A stretch of the file that can be folded into its first line, in offsets of the file. */
export interface Fold extends Span {
  readonly kind: 'block' | 'comment';
}

/**
 * What can be folded: documents, keys and items of more than one line, comments of several lines. All documents of a file, since
 * an editor that gets folds from us stops guessing them; but `undefined` for files without a document of ours.
 */
export function folding(context: FeatureContext): readonly Fold[] | undefined {
  const size = context.file.pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (size > MAX_FOLDED_CHARACTERS || policiesIn(context.file).length === 0) return undefined;
  const folds: Fold[] = [];
  for (const { piece, start } of placesOf(context.file)) {
    const { text } = piece;
    const add = (from: number, to: number, kind: Fold['kind']): void => {
      const end = from + text.slice(from, to).trimEnd().length;
      if (/[\r\n]/.test(text.slice(from, end))) folds.push({ start: start + from, end: start + end, kind });
    };
    if (text.startsWith('---')) add(0, text.length, 'block');
    for (const comment of text.matchAll(COMMENTS))
      add(comment.index + (comment[0].length - comment[0].trimStart().length), comment.index + comment[0].length, 'comment');
    for (const { root } of manifestsIn(piece)) foldNode(root, add);
  }
  return folds;
}

/** Lines of comments, one below the other. */
const COMMENTS = /^[ \t]*#.*(?:\r\n|\r|\n)(?:[ \t]*#.*(?:\r\n|\r|\n|$))+/gm;

/** In larger files folding is left to the editor, which need not parse them. */
const MAX_FOLDED_CHARACTERS = 2_000_000;

function foldNode(node: Node | undefined, add: (from: number, to: number, kind: Fold['kind']) => void): void {
  if (node?.kind === 'map') {
    for (const { span, value } of node.pairs) {
      add(span.start, span.end, 'block');
      foldNode(value, add);
    }
  }
  if (node?.kind === 'seq') {
    for (const { span, value } of node.items) {
      add(span.start, span.end, 'block');
      foldNode(value, add);
    }
  }
}
