import { endOfLine, columnAt } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { endOfLastLine, lineBreak, reindented, removeItem, trimmedSpan, type Edit } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, isMerge, isNull, pairOf, type Item, type MapNode, type Node, type Pair, type SeqNode } from '../../syntax/tree.ts';
import type { FieldSuggestion } from './dialect-terms.ts';
import { fieldOf, fieldsOf, itemOf, type SchemaPlace } from './schemas.ts';

/** `namespaceSelector` beside a `from:` without value: they are meant as its first item. The fix takes all that follow. */
export function besideNullList(key: string, place: SchemaPlace, map: MapNode, pair: Pair, text: string): FieldSuggestion | undefined {
  const index = map.pairs.indexOf(pair);
  const at = map.pairs.slice(0, index).findLastIndex(({ value }) => isNull(value) && !value.hole);
  const owner = map.pairs[at];
  const inner = owner?.name === undefined ? undefined : fieldOf(place, owner.name);
  const item = inner && itemOf(inner);
  if (!owner || !item || !fieldsOf(item).includes(key) || map.flow) return undefined;
  const own = fieldsOf(place);
  const meant: Pair[] = [];
  for (const one of map.pairs.slice(at + 1)) {
    if (one.name === undefined || !fieldsOf(item).includes(one.name) || own.includes(one.name)) break;
    meant.push(one);
  }
  const words = `It belongs under the ${quote(owner.name ?? '')} above it, as an item.`;
  if (!meant.includes(pair)) return { text: words, fixes: [] };
  return { text: words, fixes: [{ title: `Move it under '${owner.name ?? ''}'`, edits: asItem(text, meant), safe: false }] };
}

/** Puts a dash before the first of some fields, and moves the lines after it in. */
function asItem(text: string, pairs: readonly Pair[]): readonly Edit[] {
  const [first, last] = [pairs[0]?.span ?? { start: 0, end: 0 }, pairs.at(-1)?.span ?? { start: 0, end: 0 }];
  const end = last.start + text.slice(last.start, last.end).trimEnd().length;
  const edits: Edit[] = [{ start: first.start, end: first.start, text: '- ' }];
  for (let line = nextLine(text, first.start); line < end; line = nextLine(text, line)) {
    if (text.slice(line, endOfLine(text, line)).trim() !== '') edits.push({ start: line, end: line, text: '  ' });
  }
  return edits;
}

function nextLine(text: string, offset: number): number {
  const end = endOfLine(text, offset);
  return end >= text.length ? text.length : end + (text.startsWith('\r\n', end) ? 2 : 1);
}

const PEER_FIELDS: readonly string[] = [
  'ipBlock',
  'podSelector',
  'namespaceSelector',
  'namespaces',
  'pods',
  'networks',
  'nodes',
  'domainNames',
];

/** An item of `ports` that is a peer. The fix moves it to the peers of the rule. */
export function peerAmongPorts(
  key: string,
  parent: Path,
  map: MapNode,
  text: string,
  at: (path: Path) => Node | undefined,
): FieldSuggestion | undefined {
  const list = parent.at(-2);
  if ((list !== 'ports' && list !== 'protocols') || typeof parent.at(-1) !== 'number' || !PEER_FIELDS.includes(key)) return undefined;
  const rulePath = parent.slice(0, -2);
  const peers = rulePath.includes('egress') ? 'to' : 'from';
  const words = `An item with ${quote(key)} is a peer. It belongs under ${quote(peers)}, not under ${quote(list)}.`;
  const [rule, ports, target] = [at(rulePath), at(parent.slice(0, -1)), at([...rulePath, peers])];
  const isPeer = map.pairs.every(({ name }) => name !== undefined && PEER_FIELDS.includes(name));
  if (rule?.kind !== 'map' || ports?.kind !== 'seq' || !isPeer || rule.flow || ports.flow || isMoving(rule))
    return { text: words, fixes: [] };
  const item = ports.items.find(({ value }) => value === map);
  if (!item || ports.items.length < 2) return { text: words, fixes: [] };
  const put =
    target === undefined
      ? newList(text, rule, peers, item)
      : target.kind === 'seq' && !target.flow
        ? behindLast(text, target, item)
        : undefined;
  return { text: words, fixes: put ? [{ title: `Move it to '${peers}'`, edits: [removeItem(text, ports, item), put], safe: false }] : [] };
}

const RULE_FIELDS: readonly string[] = ['from', 'to', 'ports', 'protocols'];

/** An item of `from` or `to` that is a whole rule. The fix makes it the next rule. */
export function ruleAmongPeers(
  key: string,
  parent: Path,
  map: MapNode,
  text: string,
  at: (path: Path) => Node | undefined,
): FieldSuggestion | undefined {
  const list = parent.at(-2);
  const own = list === 'from' || list === 'to' ? list : undefined;
  const isRule =
    map.pairs.some(({ name }) => name === own) && map.pairs.every(({ name }) => name !== undefined && RULE_FIELDS.includes(name));
  if (own === undefined || typeof parent.at(-1) !== 'number' || !RULE_FIELDS.includes(key) || !isRule) return undefined;
  const words = `An item with ${quote(own)} is a rule. It belongs in the list of rules, not under ${quote(own)}.`;
  const [rules, peers] = [at(parent.slice(0, -3)), at(parent.slice(0, -1))];
  const ruleItem = rules?.kind === 'seq' && !rules.flow ? rules.items[Number(parent.at(-3))] : undefined;
  const item = peers?.kind === 'seq' && !peers.flow ? peers.items.find(({ value }) => value === map) : undefined;
  const first = map.pairs[0]?.name;
  if (!ruleItem || !item || peers?.kind !== 'seq' || peers.items.length < 2 || isMoving(map)) return { text: words, fixes: [] };
  const column = columnAt(text, ruleItem.span.start);
  const written = `${' '.repeat(column)}- ${reindented(text, trimmedSpan(text, item.value.span), column + 2)}`;
  const end = endOfLastLine(text, ruleItem.span);
  const fixes = [
    {
      title: 'Make it a rule of its own',
      edits: [removeItem(text, peers, item), { start: end, end, text: lineBreak(text) + written }],
      safe: false,
    },
  ];
  // The finding at the first field offers it; one fix for all is enough.
  return { text: words, fixes: key === first ? fixes : [] };
}

/** Does something bring in its fields (an alias, a merge key)? */
function isMoving(map: MapNode): boolean {
  return map.anchor !== undefined || map.pairs.some(isMerge);
}

function behindLast(text: string, list: SeqNode, item: Item): Edit | undefined {
  const last = list.items.at(-1);
  if (!last) return undefined;
  const column = columnAt(text, last.span.start);
  const end = endOfLastLine(text, last.span);
  return {
    start: end,
    end,
    text: `${lineBreak(text)}${' '.repeat(column)}- ${reindented(text, trimmedSpan(text, item.value.span), column + 2)}`,
  };
}

/** The list with the item, before the other fields of the rule. */
function newList(text: string, rule: MapNode, key: string, item: Item): Edit | undefined {
  const [first] = rule.pairs;
  if (!first || pairOf(rule, key)) return undefined;
  const column = columnAt(text, first.span.start);
  const indent = ' '.repeat(column);
  const written = `${key}:${lineBreak(text)}${indent}- ${reindented(text, trimmedSpan(text, item.value.span), column + 2)}`;
  return { start: first.span.start, end: first.span.start, text: `${written}${lineBreak(text)}${indent}` };
}

/** `port` and `protocol` right in a rule: fields of one item of a list that is not there. The fix takes them all. */
export function fieldsOfOneItem(key: string, place: SchemaPlace, map: MapNode, pair: Pair, text: string): FieldSuggestion | undefined {
  const own = fieldsOf(place);
  const owner = own.find((name) => {
    const field = fieldOf(place, name);
    const item = field && itemOf(field);
    return item !== undefined && fieldsOf(item).includes(key) && pairOf(map, name) === undefined;
  });
  const field = owner === undefined ? undefined : fieldOf(place, owner);
  const item = field && itemOf(field);
  if (owner === undefined || !item || map.flow) return undefined;
  const alike = map.pairs.filter(({ name }) => name !== undefined && !own.includes(name) && fieldsOf(item).includes(name));
  const index = map.pairs.indexOf(alike[0] ?? pair);
  const isRow = alike.every((one, i) => map.pairs[index + i] === one);
  if (alike.length < 2 || !isRow) return undefined;
  const words = `It belongs under ${quote(owner)}.`;
  if (alike[0] !== pair) return { text: words, fixes: [] };
  const column = columnAt(text, pair.span.start);
  const indent = `${lineBreak(text)}${' '.repeat(column)}`;
  const lines = alike.map((one) => reindented(text, trimmedSpan(text, one.span), column + 2));
  const last = trimmedSpan(text, alike.at(-1)?.span ?? pair.span);
  const edit = { start: pair.span.start, end: last.end, text: `${owner}:${indent}- ${lines.join(`${indent}  `)}` };
  return {
    text: words,
    fixes: text.slice(edit.start, edit.end).includes('#') ? [] : [{ title: `Move them under '${owner}'`, edits: [edit], safe: false }],
  };
}

/** `matchLabels` in `matchLabels`: the inner labels are meant. */
export function innerLabels(
  path: Path,
  map: MapNode | undefined,
  text: string,
): readonly { readonly title: string; readonly edits: readonly Edit[]; readonly safe: boolean }[] {
  const pair = pairOf(map, 'matchLabels');
  const inner = asMap(pair?.value);
  const isNested = path.at(-1) === 'matchLabels' && path.at(-2) === 'matchLabels';
  if (!isNested || !map || !pair || !inner || inner.flow !== map.flow || isMoving(inner) || inner.pairs.length === 0) return [];
  const edit = map.flow
    ? { start: pair.span.start, end: pair.span.end, text: text.slice(inner.span.start + 1, inner.span.end - 1).trim() }
    : {
        start: pair.span.start,
        end: trimmedSpan(text, pair.span).end,
        text: reindented(text, trimmedSpan(text, inner.span), columnAt(text, pair.span.start)),
      };
  return [{ title: "Remove the second 'matchLabels'", edits: [edit], safe: false }];
}
