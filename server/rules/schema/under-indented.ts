import { quote } from '../../base/english.ts';
import { startOfLine, endOfLine } from '../../base/lines.ts';
import type { Span } from '../../base/span.ts';
import { type Edit } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, asSeq, isNull, type MapNode, type Node, type Pair } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { fieldOf, fieldsOf, itemOf, type SchemaPlace } from './schemas.ts';
import type { FieldSuggestion } from './dialect-terms.ts';

/** `matchLabels` on the column of a `podSelector:` that has nothing below it. Reported at the first of such fields; the fix moves all. */
export function underIndented(key: string, place: SchemaPlace, map: MapNode, pair: Pair, text: string): FieldSuggestion | undefined {
  const index = map.pairs.indexOf(pair);
  const owner = map.pairs.slice(0, index).findLast(({ value }) => isNull(value) && !value.hole);
  const field = owner?.name === undefined ? undefined : fieldOf(place, owner.name);
  if (!owner || !field || !fieldsOf(field).includes(key) || map.flow) return undefined;
  const own = fieldsOf(place);
  const isMeant = ({ name }: Pair): boolean => name !== undefined && fieldsOf(field).includes(name) && !own.includes(name);
  const meant = leading(map.pairs.slice(map.pairs.indexOf(owner) + 1), isMeant);
  return {
    text: `It belongs under the ${quote(owner.name ?? '')} above it.`,
    fixes: meant.includes(pair) ? indent(text, meant, owner) : [],
  };
}

/** `app: web` on the column of a `matchLabels:` that has nothing below it. The fix takes all labels that follow. */
export function underIndentedLabels(owner: Pair | undefined, place: SchemaPlace, map: MapNode, text: string): readonly Fix[] {
  if (!owner || map.flow || !isNull(owner.value) || owner.value.hole) return [];
  const own = fieldsOf(place);
  const labels = leading(
    map.pairs.slice(map.pairs.indexOf(owner) + 1),
    ({ name, value }) => name !== undefined && !own.includes(name) && asScalar(value) !== undefined,
  );
  return labels.length > 0 ? indent(text, labels, owner) : [];
}

/** `- podSelector` on the column of a `- from:` that has nothing below it: a rule where a peer is meant. */
export function underIndentedPeer(
  key: string,
  place: SchemaPlace,
  parent: Path,
  list: Node | undefined,
  text: string,
): FieldSuggestion | undefined {
  const items = asSeq(list)?.items ?? [];
  const at = parent.at(-1);
  if (typeof at !== 'number' || list?.kind !== 'seq' || list.flow) return undefined;
  const above = items.slice(0, at).findLastIndex(({ value }) => asMap(value)?.pairs.some((one) => isNull(one.value)));
  const owner = asMap(items[above]?.value)?.pairs.at(-1);
  const field = owner?.name === undefined ? undefined : fieldOf(place, owner.name);
  const inner = field && itemOf(field);
  if (!owner || !isNull(owner.value) || owner.value.hole || !inner || !fieldsOf(inner).includes(key)) return undefined;
  const isMeant = (node: Node | undefined): boolean =>
    asMap(node)?.pairs.every(({ name }) => name !== undefined && fieldsOf(inner).includes(name)) ?? false;
  const meant = leading(items.slice(above + 1), ({ value }) => isMeant(value));
  const words = `It belongs under the ${quote(owner.name ?? '')} above it.`;
  return { text: words, fixes: above + 1 + meant.length > at ? indent(text, meant, owner) : [] };
}

/** The first entries of which something holds, up to the first of which it does not. */
function leading<T>(entries: readonly T[], holds: (entry: T) => boolean): readonly T[] {
  const end = entries.findIndex((entry) => !holds(entry));
  return end === -1 ? entries : entries.slice(0, end);
}

/** Moves all lines of some entries two columns in. */
function indent(text: string, entries: readonly { readonly span: Span }[], owner: Pair): readonly Fix[] {
  const start = startOfLine(text, entries[0]?.span.start ?? 0);
  const end = endOfLine(text, lastOf(entries, text));
  if (text.slice(start, entries[0]?.span.start).trim() !== '') return [];
  const edits: Edit[] = [];
  for (let line = start; line < end;) {
    const next = endOfLine(text, line);
    if (text.slice(line, next).trim() !== '') edits.push({ start: line, end: line, text: '  ' });
    line = next + (text.startsWith('\r\n', next) ? 2 : 1);
  }
  return [{ title: `Move it under '${owner.name ?? ''}'`, edits, safe: false }];
}

function lastOf(entries: readonly { readonly span: Span }[], text: string): number {
  const last = entries.at(-1)?.span ?? { start: 0, end: 0 };
  return last.start + text.slice(last.start, last.end).trimEnd().length;
}
