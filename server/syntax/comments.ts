import { memo } from '../base/memo.ts';
import { endOfLine, startOfLine } from '../base/lines.ts';
import type { Manifest } from './manifest.ts';
import { formatPath, type Path } from './path.ts';
import type { Node } from './tree.ts';

/** The comments about one field or item, each from its `#` on. */
export interface Comments {
  /** On lines of their own above it. */
  readonly above: readonly string[];
  /** Behind it, on its line. */
  readonly behind?: string;
}

/** The comments of a manifest, by the written field path of the field or item that they are about; those behind everything at `END`. */
export const commentsOf: (manifest: Manifest) => ReadonlyMap<string, Comments> = memo(gather);

/** The place of comments behind the last field. */
export const END = ' ';

interface Anchor {
  readonly at: number;
  readonly path: string;
}

function gather({ piece: { text }, root }: Manifest): ReadonlyMap<string, Comments> {
  const anchors: Anchor[] = [];
  const scalars: { readonly start: number; readonly end: number }[] = [];
  if (root) collect(root, [], anchors, scalars);
  const found = new Map<string, { above: string[]; behind?: string }>();
  const about = (path: string): { above: string[]; behind?: string } => {
    const entry = found.get(path) ?? { above: [] };
    found.set(path, entry);
    return entry;
  };
  for (const hash of text.matchAll(/(?<=^|[ \t])#[^\r\n]*/gm)) {
    const at = hash.index;
    if (scalars.some(({ start, end }) => start <= at && at < end)) continue;
    // The rest of a longer comment is a part of it.
    const line = startOfLine(text, at);
    const before = text.slice(line, at);
    const isFirst = !scalarFree(before, line, scalars).includes('#');
    if (!isFirst) continue;
    const comment = text.slice(at, endOfLine(text, at)).trimEnd();
    if (before.trim() === '') {
      const next = anchors.find((anchor) => anchor.at > at);
      about(next?.path ?? END).above.push(comment);
      continue;
    }
    const last = anchors.findLast((anchor) => anchor.at < at);
    if (last) about(last.path).behind ??= comment;
  }
  return found;
}

/** The beginning of a line without what stands in scalars, where a `#` is no comment. */
function scalarFree(before: string, line: number, scalars: readonly { readonly start: number; readonly end: number }[]): string {
  return [...before].filter((_, i) => !scalars.some(({ start, end }) => start <= line + i && line + i < end)).join('');
}

/** Fields and items as they are written, in the order of the text; what an alias stands for is written elsewhere. */
function collect(node: Node, path: Path, anchors: Anchor[], scalars: { start: number; end: number }[]): void {
  if (node.kind === 'scalar') scalars.push(node.span);
  if (node.kind === 'map') {
    for (const { key, name, value } of node.pairs) {
      scalars.push(key.span);
      if (name === undefined) continue;
      anchors.push({ at: key.span.start, path: formatPath([...path, name]) });
      collect(value, [...path, name], anchors, scalars);
    }
  }
  if (node.kind !== 'seq') return;
  for (const [i, { value, span }] of node.items.entries()) {
    anchors.push({ at: span.start, path: formatPath([...path, i]) });
    collect(value, [...path, i], anchors, scalars);
  }
}
