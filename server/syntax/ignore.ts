import { memo } from '../base/memo.ts';
import { startOfLine, endOfLine } from '../base/lines.ts';
import { lastWhere } from '../base/lists.ts';
import type { Span } from '../base/span.ts';
import { lineBreak, type Edit } from './edit.ts';
import { MAX_MANIFEST_CHARACTERS, manifestsIn, type Manifest } from './manifest.ts';
import type { Piece } from './split.ts';
import type { Node } from './tree.ts';

/** A comment that silences findings: `# netpol-ignore: code, code the reason`, or `# netpol-ignore-file`. */
export interface IgnoreComment {
  /** From the # on, relative to the piece. */
  readonly span: Span;
  /** `line`: findings that start on the target line; `manifest`: all of the manifest; `file`: all of the file. */
  readonly scope: 'line' | 'manifest' | 'file';
  /** The line it is about, as a span; only with the scope `line`. */
  readonly target: Span;
  readonly codes: readonly IgnoredCode[];
}

/** A finding code as it stands in the comment. */
export interface IgnoredCode {
  readonly code: string;
  readonly span: Span;
}

const COMMENT = /(?<=^|[ \t])#[ \t]*netpol-ignore(-file)?\b(?:[ \t]*:?[ \t]*)([a-z0-9-]+(?:[ \t]*,[ \t]*[a-z0-9-]+)*)?/gm;

/** The ignore comments of a piece of text, in order. Text that merely looks like one, inside a value, is none. */
export function ignoresIn(piece: Piece): readonly IgnoreComment[] {
  return commentsIn(piece);
}

const commentsIn = memo((piece: Piece): readonly IgnoreComment[] => {
  if (!piece.text.includes('netpol-ignore') || piece.text.length > MAX_MANIFEST_CHARACTERS) return [];
  const roots = manifestsIn(piece).flatMap(({ root }) => root ?? []);
  return read(piece.text, roots);
});

function read(text: string, roots: readonly Node[]): readonly IgnoreComment[] {
  const first = firstContent(text);
  const matches = [...text.matchAll(COMMENT)].filter((found) => !roots.some((root) => isInText(root, found.index)));
  const targets = targetsOf(
    text,
    matches.map((found) => found.index),
  );
  return matches.flatMap((found) => {
    const start = found.index;
    const span = { start, end: start + text.slice(start, endOfLine(text, start)).trimEnd().length };
    const target = targets.get(start) ?? { start, end: start };
    const scope = found[1] === undefined ? (start < first ? 'manifest' : 'line') : 'file';
    const codes = codesIn(found[2] ?? '', start + found[0].length - (found[2]?.length ?? 0));
    return [{ span, scope, target, codes } satisfies IgnoreComment];
  });
}

/** Where the first field of the document starts; markers and comments do not count. */
function firstContent(text: string): number {
  const found = /^(?!---)[ \t]*[^#\s%\uFEFF]/m.exec(text.replace(/^\uFEFF/, ' '));
  return found ? found.index + found[0].length - 1 : text.length;
}

/** For each comment the line that it is about. From the last one on: a comment above others is about the same line as they are. */
function targetsOf(text: string, starts: readonly number[]): ReadonlyMap<number, Span> {
  const targets = new Map<number, Span>();
  const byLine = new Map<number, Span>();
  for (const start of starts.toReversed()) {
    const target = targetOf(text, start, byLine);
    targets.set(start, target);
    byLine.set(startOfLine(text, start), target);
  }
  return targets;
}

/** The line of a comment behind content, else the next line with content. */
function targetOf(text: string, at: number, targets: ReadonlyMap<number, Span>): Span {
  const own = startOfLine(text, at);
  if (text.slice(own, at).trim() !== '') return { start: own, end: endOfLine(text, at) };
  let start = endOfLine(text, at);
  while (start < text.length) {
    start += text.startsWith('\r\n', start) ? 2 : 1;
    const end = endOfLine(text, start);
    const same = targets.get(start);
    if (same) return same;
    if (!/^[ \t]*(?:#.*)?$/.test(text.slice(start, end))) return { start, end };
    start = end;
  }
  return { start: text.length, end: text.length };
}

function codesIn(list: string, at: number): readonly IgnoredCode[] {
  return [...list.matchAll(/[a-z0-9-]+/g)].map((found) => ({
    code: found[0],
    span: { start: at + found.index, end: at + found.index + found[0].length },
  }));
}

/** Does the offset lie in a scalar? A # in quotes or in a block scalar starts no comment. */
export function isInText(node: Node, offset: number): boolean {
  if (offset < node.span.start || offset >= node.span.end) return false;
  if (node.kind === 'map') {
    const pair = node.pairs[lastWhere(node.pairs, ({ span }) => span.start <= offset)];
    return pair !== undefined && (isInText(pair.key, offset) || isInText(pair.value, offset));
  }
  if (node.kind === 'seq') {
    const item = node.items[lastWhere(node.items, ({ span }) => span.start <= offset)];
    return item !== undefined && isInText(item.value, offset);
  }
  return node.kind === 'scalar';
}

/** Writes an ignore comment for a code: adds it to the comment that is there for the line already, else puts one on a line above. */
export function ignoreEdit(manifest: Manifest, code: string, offset: number, scope: 'line' | 'manifest'): Edit {
  const { text } = manifest.piece;
  const own = startOfLine(text, offset);
  const at = scope === 'manifest' ? startOfLine(text, firstContent(text)) : own;
  const there = ignoresIn(manifest.piece).find(
    (comment) =>
      comment.scope === scope &&
      comment.codes.length > 0 &&
      (scope === 'manifest' || (comment.target.start <= offset && offset <= comment.target.end)),
  );
  const last = there?.codes.at(-1);
  if (last) return { start: last.span.end, end: last.span.end, text: `, ${code}` };
  const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? '';
  return { start: at, end: at, text: `${indent}# netpol-ignore: ${code}${lineBreak(text)}` };
}
