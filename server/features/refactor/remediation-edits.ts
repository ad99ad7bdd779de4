import { startOfLine, endOfLine, columnAt } from '../../base/lines.ts';
import type { Span } from '../../base/span.ts';
import type { PolicyEdit as RemediationEdit, Remediation, ManifestValue } from '../../eval/remediations.ts';
import { applyEdits, insertField, lineBreak, removeItem, removePair, replace, type Edit } from '../../syntax/edit.ts';
import { usesIndentedLists } from '../../syntax/layout.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { manifestsIn } from '../../syntax/manifest.ts';
import type { Path } from '../../syntax/path.ts';
import { blockField, blockText, flowField, flowText, type PrintStyle } from '../../syntax/print.ts';
import { textOf } from '../../syntax/source-file.ts';
import { asSeq, isNull, pairOf, type MapNode, type Node, type SeqNode } from '../../syntax/tree.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import { locate } from '../../workspace/locate.ts';
import { fileAt, type Snapshot } from '../../workspace/snapshot.ts';
import { normalizeUri } from '../../workspace/uri.ts';

/** What changes in one file, in offsets of the whole file. The edits do not overlap. */
export interface FileEdits {
  readonly uri: string;
  readonly edits: readonly Edit[];
}

/**
 * The text edits of a remediation, by file; a new manifest goes to the end of the file at `home`. `undefined` where one of them
 * cannot be written without changing other text (a list behind an alias, a template, a manifest that is gone).
 */
export function remediationEdits(snapshot: Snapshot, remediation: Remediation, home: string): readonly FileEdits[] | undefined {
  const files = new Map<string, Edit[]>();
  const add = (uri: string, edit: Edit): void => void files.set(uri, [...(files.get(uri) ?? []), edit]);
  const changes = new Map<ManifestKey, Exclude<RemediationEdit, { kind: 'create' }>[]>();
  for (const edit of remediation.edits) if (edit.kind !== 'create') changes.set(edit.key, [...(changes.get(edit.key) ?? []), edit]);
  for (const [key, edits] of changes) {
    const fileEdit = manifestEdit(snapshot, key, edits);
    if (!fileEdit) return undefined;
    add(fileEdit.uri, fileEdit.edit);
  }
  // Last, as editors insert in the order of the list what goes to the same place.
  for (const edit of remediation.edits) {
    const fileEdit = edit.kind === 'create' ? appended(snapshot, home, edit.value) : undefined;
    if (edit.kind === 'create' && !fileEdit) return undefined;
    if (fileEdit) add(normalizeUri(home), fileEdit);
  }
  return [...files].map(([uri, edits]) => ({ uri, edits }));
}

/** One replacement that does all edits of a manifest: they are made one after the other, each on what the one before it left. */
function manifestEdit(
  snapshot: Snapshot,
  key: ManifestKey,
  edits: readonly Exclude<RemediationEdit, { kind: 'create' }>[],
): { readonly uri: string; readonly edit: Edit } | undefined {
  const found = locate(snapshot, key, []);
  if (!found) return undefined;
  const { piece } = found.placed.manifest;
  const index = manifestsIn(piece).findIndex(({ root }) => root === found.placed.manifest.root);
  let text = piece.text;
  for (const edit of edits) {
    const root = manifestsIn({ ...piece, text })[index]?.root;
    const fileEdit = root && textEdit(text, root, edit);
    if (!fileEdit) return undefined;
    text = applyEdits(text, [fileEdit]);
  }
  const { start } = found.placed;
  const edit = difference(piece.text, text);
  return { uri: found.uri, edit: { start: edit.start + start, end: edit.end + start, text: edit.text } };
}

/** What has to be replaced to get from one text to another. */
function difference(before: string, after: string): Edit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < before.length - start && tail < after.length - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function textEdit(text: string, root: Node, edit: Exclude<RemediationEdit, { kind: 'create' }>): Edit | undefined {
  const { path } = edit;
  const parent = own(root, path.slice(0, -1));
  const last = path.at(-1);
  if (edit.kind === 'remove') {
    if (typeof last === 'string') {
      const pair = parent?.kind === 'map' ? parent.pairs.find(({ name }) => name === last) : undefined;
      return parent?.kind === 'map' && pair ? removePair(text, parent, pair) : undefined;
    }
    const item = parent?.kind === 'seq' && last !== undefined ? parent.items[last] : undefined;
    return parent?.kind === 'seq' && item ? removeItem(text, parent, item) : undefined;
  }
  if (edit.kind === 'set') return typeof last === 'string' && parent?.kind === 'map' ? setField(text, parent, last, edit.value) : undefined;
  if (typeof last !== 'number') return undefined;
  if (parent?.kind === 'seq' && parent.items.length > 0) return insertItem(text, parent, last, edit.value);
  const [field, holder] = [path.at(-2), own(root, path.slice(0, -2))];
  const there = nodeAt(root, path.slice(0, -1));
  const isFree = there === undefined || isNull(there) || asSeq(there)?.items.length === 0;
  return typeof field === 'string' && holder?.kind === 'map' && isFree && there?.hole !== true
    ? setField(text, holder, field, [edit.value])
    : undefined;
}

/** The node at a path, but not what stands behind an alias or a merge key, which is shared, nor what a template makes. */
function own(root: Node, path: Path): MapNode | SeqNode | undefined {
  let at: Node | undefined = root;
  for (const step of path) {
    if (at?.kind === 'map') at = at.pairs.findLast(({ name }) => name === step)?.value;
    else at = at?.kind === 'seq' && typeof step === 'number' ? at.items[step]?.value : undefined;
  }
  return (at?.kind === 'map' || at?.kind === 'seq') && !at.hole ? at : undefined;
}

function setField(text: string, map: MapNode, field: string, value: ManifestValue): Edit | undefined {
  const pair = pairOf(map, field);
  if (pair && !map.pairs.includes(pair)) return undefined;
  const json = isJson(text, map);
  if (map.flow || map.pairs.length === 0) {
    return pair
      ? replace(pair.span, flowField(field, value, json))
      : insertField(text, map, field, json ? flowText(value, true) : flowText(value, false));
  }
  const [first] = map.pairs;
  const column = first ? columnAt(text, first.span.start) : 0;
  const written = blockField(field, value, column, styleOf(text));
  if (pair) return rewritten(text, { start: pair.span.start, end: Math.max(pair.span.end, keyEnd(text, pair.key.span.end)) }, written);
  const end = endOfLine(text, map.pairs.at(-1)?.span.end ?? map.span.end);
  return { start: end, end, text: `${lineBreak(text)}${' '.repeat(column)}${written}` };
}

/** A comment behind the old field stays on the line of its key. */
function rewritten(text: string, at: Span, written: string): Edit {
  const end = endOfLine(text, at.end);
  const comment = text.slice(at.end, end);
  const [first = ''] = written.split(/[\r\n]/, 1);
  return comment.trim().startsWith('#')
    ? { start: at.start, end, text: first + comment + written.slice(first.length) }
    : replace(at, written);
}

/** Behind the colon: the value of `ingress:` is nothing. */
function keyEnd(text: string, end: number): number {
  const colon = text.indexOf(':', end);
  return colon === -1 ? end : colon + 1;
}

function insertItem(text: string, list: SeqNode, index: number, value: ManifestValue): Edit | undefined {
  const [next, last] = [list.items[index], list.items.at(-1)];
  if (list.flow) {
    const written = flowText(value, isJson(text, list));
    if (next) return { start: next.span.start, end: next.span.start, text: `${written}, ` };
    return last && { start: last.span.end, end: last.span.end, text: `, ${written}` };
  }
  const dash = list.items[0]?.span.start ?? list.span.start;
  const column = columnAt(text, dash);
  const eol = lineBreak(text);
  const written = `- ${blockText(value, column + 2, styleOf(text))}`;
  if (!next) {
    const end = endOfLine(text, last?.span.end ?? list.span.end);
    return { start: end, end, text: `${eol}${' '.repeat(column)}${written}` };
  }
  const line = startOfLine(text, next.span.start);
  // Behind another dash (`- - a`) there is no line of its own to put it on.
  if (text.slice(line, next.span.start).trim() !== '')
    return { start: next.span.start, end: next.span.start, text: `${written}${eol}${' '.repeat(column)}` };
  const at = aboveComments(text, line);
  return { start: at, end: at, text: `${' '.repeat(column)}${written}${eol}` };
}

/** Comments right above an item belong to it. */
function aboveComments(text: string, line: number): number {
  let at = line;
  while (at > 0) {
    const before = startOfLine(text, at - (text.slice(0, at).endsWith('\r\n') ? 2 : 1));
    if (before === at || !/^[ \t]*#/.test(text.slice(before, at))) return at;
    at = before;
  }
  return at;
}

function styleOf(text: string): PrintStyle {
  return { listIndent: usesIndentedLists(text) ? 2 : 0, eol: lineBreak(text) };
}

function isJson(text: string, { span }: Node): boolean {
  return /^[[{]\s*(?:\{\s*)*"/.test(text.slice(span.start, span.start + 200));
}

/** A new manifest at the end of a file; none in JSON, which has no place for it. */
function appended(snapshot: Snapshot, home: string, value: ManifestValue): Edit | undefined {
  const file = fileAt(snapshot, home);
  if (!file || /\.json$/i.test(home)) return undefined;
  const text = textOf(file);
  const style = styleOf(text);
  const end = text.length;
  const lead = text.trim() === '' ? '' : `${/[\r\n]$/.test(text) ? '' : style.eol}---${style.eol}`;
  return { start: end, end, text: `${lead}${blockText(value, 0, style)}${style.eol}` };
}
