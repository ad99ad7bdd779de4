import { columnAt, startOfLine } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { endOfLastLine, lineBreak, reindented, removeItem, trimmedSpan, type Edit } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { isMerge, pairOf, type Item, type MapNode, type Node, type SeqNode } from '../../syntax/tree.ts';
import type { FieldSuggestion } from './dialect-terms.ts';

const PORT_FIELDS: readonly string[] = ['port', 'endPort', 'protocol'];

/**
 * An item of `from` or `to` that holds the ports of the rule: the whole list under `ports`, or the fields of one port. The fix moves it next
 * to the peers, or behind the ports that are there.
 */
export function portsAmongPeers(
  key: string,
  parent: Path,
  map: MapNode,
  text: string,
  at: (path: Path) => Node | undefined,
): FieldSuggestion | undefined {
  const owner = parent.at(-2);
  const names = map.pairs.map(({ name }) => name ?? '');
  const isList = names.length === 1 && names[0] === 'ports';
  const isPort = names.includes('port') && names.every((name) => PORT_FIELDS.includes(name));
  if ((owner !== 'from' && owner !== 'to') || typeof parent.at(-1) !== 'number' || !names.includes(key) || (!isList && !isPort))
    return undefined;
  const words = isList ? `It belongs one level up, next to ${quote(owner)}.` : `It belongs under 'ports', next to ${quote(owner)}.`;
  const [rule, peers] = [at(parent.slice(0, -2)), at(parent.slice(0, -1))];
  const item = peers?.kind === 'seq' && !peers.flow ? peers.items.find(({ value }) => value === map) : undefined;
  const isPlain = map.anchor === undefined && !map.pairs.some(isMerge) && rule?.kind === 'map' && !rule.flow;
  // The finding at the first field offers the fix for all.
  if (!isPlain || peers?.kind !== 'seq' || !item || peers.items.length < 2 || names[0] !== key) return { text: words, fixes: [] };
  const edits = isList ? nextToPeers(text, rule, peers, item) : asPort(text, rule, peers, item);
  return { text: words, fixes: edits ? [{ title: `Move it next to '${owner}'`, edits, safe: false }] : [] };
}

/** The list becomes a field of the rule; only the author knows how to unite it with one that is there. */
function nextToPeers(text: string, rule: MapNode, peers: SeqNode, item: Item): readonly Edit[] | undefined {
  if (pairOf(rule, 'ports')) return undefined;
  const column = columnOf(text, rule);
  return moved(text, peers, item, `${' '.repeat(column)}${reindented(text, trimmedSpan(text, item.value.span), column)}`);
}

function asPort(text: string, rule: MapNode, peers: SeqNode, item: Item): readonly Edit[] | undefined {
  const ports = pairOf(rule, 'ports')?.value;
  const written = (column: number): string => `${' '.repeat(column)}- ${reindented(text, trimmedSpan(text, item.value.span), column + 2)}`;
  if (!ports) {
    const column = columnOf(text, rule);
    return moved(text, peers, item, `${' '.repeat(column)}ports:${lineBreak(text)}${written(column)}`);
  }
  const last = ports.kind === 'seq' && !ports.flow ? ports.items.at(-1) : undefined;
  if (!last) return undefined;
  const end = endOfLastLine(text, last.span);
  return [removeItem(text, peers, item), { start: end, end, text: `${lineBreak(text)}${written(columnAt(text, last.span.start))}` }];
}

/** The item goes, and its lines come behind the last peer. */
function moved(text: string, peers: SeqNode, item: Item, lines: string): readonly Edit[] {
  const last = peers.items.at(-1) ?? item;
  if (last === item) return [{ start: startOfLine(text, item.span.start), end: trimmedSpan(text, item.span).end, text: lines }];
  const end = endOfLastLine(text, last.span);
  return [removeItem(text, peers, item), { start: end, end, text: `${lineBreak(text)}${lines}` }];
}

function columnOf(text: string, rule: MapNode): number {
  return columnAt(text, rule.pairs[0]?.span.start ?? rule.span.start);
}
