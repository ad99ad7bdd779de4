import type { Span } from '../base/span.ts';
import { finished, type Work } from '../base/work.ts';
import { holeReach, type HoleReach } from './hole-reach.ts';
import { columnAt } from '../base/lines.ts';
import type { Problem } from './problem.ts';
import { keyText, resolvePlain, resolveTagged } from './scalar.ts';
import type { Hole } from './template.ts';
import { asMap, asSeq, type Item, type Node, type Pair, type ScalarNode } from './tree.ts';
import { look, type ItemView, type PairView, type Source, type View } from './yaml.ts';

/** A tree, and what Kubernetes rejects in it. */
export interface Built {
  readonly root: Node;
  readonly problems: readonly Problem[];
}

/**
 * Builds our tree from the library's nodes. `masked` is the text they were read from, `holes` its template holes and the gaps of its
 * repair, `text` what it was before the repair.
 */
export function buildTree(source: Source, masked: string, holes: readonly Hole[], text: string): Built {
  return finished(treeWork(source, masked, holes, text));
}

/** The same in steps, each of which makes some hundred nodes. */
export function* treeWork(source: Source, masked: string, holes: readonly Hole[], text: string): Work<Built> {
  const state: State = {
    masked,
    text,
    reach: holeReach(masked, holes),
    problems: [],
    anchors: new Map(),
    open: new Set(),
    written: 0,
    expanded: 0,
    paused: 0,
    isBomb: false,
  };
  const root = yield* valueOf(state, source);
  return { root, problems: state.problems };
}

/** What is known while a tree is built, in the order of the text. */
interface State {
  readonly masked: string;
  readonly text: string;
  readonly reach: HoleReach;
  readonly problems: Problem[];
  /** The finished nodes with an anchor, and how many nodes each stands for when all aliases in it are laid out. */
  readonly anchors: Map<string, { readonly node: Node; readonly size: number }>;
  /** The anchors of the nodes that are being built. */
  readonly open: Set<string>;
  /** How many nodes were written so far, and how many the aliases among them stand for. */
  written: number;
  expanded: number;
  /** How many were written when the last step ended. */
  paused: number;
  isBomb: boolean;
}

/** How many nodes are made in one step. */
const NODES_OF_A_STEP = 300;

function* nodeOf(state: State, source: Source): Work<Node> {
  const view = look(source);
  const { anchor } = view;
  if (anchor === undefined) return isLeaf(view) ? leaf(state, view) : yield* collection(state, view);
  const before = state.written + state.expanded;
  state.open.add(anchor);
  const node = { ...(isLeaf(view) ? leaf(state, view) : yield* collection(state, view)), anchor };
  state.open.delete(anchor);
  state.anchors.set(anchor, { node, size: state.written + state.expanded - before });
  return node;
}

type Leaf = View & { readonly kind: 'scalar' | 'alias' };
type Collection = View & { readonly kind: 'map' | 'seq' };

function isLeaf(view: View): view is Leaf {
  return view.kind === 'scalar' || view.kind === 'alias';
}

function leaf(state: State, view: Leaf): Node {
  state.written++;
  return tagged(view, view.kind === 'alias' ? aliasOf(state, view.name, trimmed(view, state)) : scalarOf(state, view));
}

/** Have so many nodes been made since the last step that others may be served? Then the next step begins here. */
function isStepOver(state: State): boolean {
  if (state.written - state.paused <= NODES_OF_A_STEP) return false;
  state.paused = state.written;
  return true;
}

function* collection(state: State, view: Collection): Work<Node> {
  state.written++;
  return tagged(view, view.kind === 'map' ? yield* mapOf(state, view) : yield* seqOf(state, view));
}

function tagged({ tag }: View, node: Node): Node {
  return tag === undefined ? node : { ...node, tag };
}

function* mapOf(state: State, view: View & { readonly kind: 'map' }): Work<Node> {
  const column = view.flow ? 0 : columnOf(state, view.start);
  const isRoot = state.written === 1;
  // The copy below has no room to spare, which many small maps would add up to.
  const pairs: Pair[] = [];
  for (const pair of view.pairs) {
    if (isStepOver(state)) yield;
    pairs.push(yield* pairOf(state, pair, view.start, column));
  }
  const span = around(state, view, pairs);
  const isTemplated = view.flow ? state.reach.splits(span) : state.reach.extends(span, column, isRoot);
  return { kind: 'map', span, flow: view.flow, pairs: pairs.slice(), hole: isTemplated || pairs.some((pair) => pair.key.hole) };
}

function* pairOf(state: State, pair: PairView, start: number, column: number): Work<Pair> {
  const key = yield* keyOf(state, pair, start);
  const behind = pair.colon === undefined ? key.span.end : pair.colon + 1;
  const value = settled(state, pair.value && (yield* valueOf(state, pair.value)), behind, column);
  const name = nameOf(key);
  if (name === undefined && !key.hole) state.problems.push(badKey(key, behind));
  if (name === '<<' && isBadMerge(key, value))
    state.problems.push({ code: 'yaml-syntax', span: value.span.start < value.span.end ? value.span : key.span, message: MERGE });
  return { key, name, value, span: { start: key.span.start, end: Math.max(value.span.end, behind) } };
}

/** A missing key stands at its colon, or behind its question mark. */
function* keyOf(state: State, pair: PairView, start: number): Work<Node> {
  const key = pair.key ? yield* nodeOf(state, pair.key) : empty(start, false);
  if (pair.colon === undefined || !isMissing(key)) return movedBack(state, key, start);
  return { ...key, span: { start: pair.colon, end: pair.colon } };
}

function isMissing(node: Node): boolean {
  return node.kind === 'scalar' && node.span.start === node.span.end;
}

/** A missing value, right behind what stands before it; the library puts it behind the blanks. */
function movedBack(state: State, node: Node, start: number): Node {
  if (!isMissing(node)) return node;
  const at = trimmed({ start, end: node.span.start }, state).end;
  return { ...node, span: { start: at, end: at } };
}

/** The JSON key: of a scalar, or of the scalar an alias stands for. */
function nameOf(key: Node): string | undefined {
  const scalar = key.kind === 'alias' ? key.target : key;
  return scalar?.kind === 'scalar' ? keyText(scalar.value) : undefined;
}

const MERGE =
  "The value of the merge key '<<' must be an object, an alias of an object, or a list of them; the API server rejects anything else. Write the fields in full, or correct the alias.";

function isBadMerge(key: Node, value: Node): boolean {
  if (key.kind !== 'scalar' || key.style !== 'plain') return false;
  const list = asSeq(value);
  return (list ? list.items.map((item) => item.value) : [value]).some(
    (source) => !source.hole && !asMap(source) && !(source.kind === 'alias' && !source.target),
  );
}

function badKey(key: Node, behind: number): Problem {
  const isNull = key.kind === 'scalar' || key.kind === 'alias';
  const message = isNull
    ? 'A key is missing before the colon, so the API server rejects the manifest. Write the name of the field.'
    : 'A list or an object cannot be a key, so the API server rejects the manifest. Write the name of the field, and close the braces if this is a template.';
  return {
    code: 'yaml-key',
    span: key.span.start < key.span.end ? key.span : { start: Math.min(key.span.start, behind - 1), end: behind },
    message,
  };
}

function* seqOf(state: State, view: View & { readonly kind: 'seq' }): Work<Node> {
  const column = view.flow ? 0 : columnOf(state, view.start);
  const items: Item[] = [];
  for (const item of view.items) {
    if (isStepOver(state)) yield;
    items.push(yield* itemOf(state, item, view.start, column));
  }
  const span = around(state, view, items);
  // `[{{ join "," .ports }}]`: the hole may be any number of items.
  const isTemplated = view.flow
    ? state.reach.splits(span) || items.some((item) => item.value.hole)
    : state.reach.extends(span, column, false);
  return { kind: 'seq', span, flow: view.flow, items: items.slice(), hole: isTemplated };
}

function* itemOf(state: State, item: ItemView, start: number, column: number): Work<Item> {
  const value = yield* valueOf(state, item.value);
  if (item.dash === undefined) {
    const placed = movedBack(state, value, start);
    return { value: placed, span: placed.span };
  }
  const shown = settled(state, value, item.dash + 1, column);
  return { value: shown, span: { start: item.dash, end: shown.span.end } };
}

/** A missing value stands right behind its colon or dash, and may be made by a hole below. */
function settled(state: State, value: Node | undefined, behind: number, column: number): Node {
  if (value && !isMissing(value)) return value;
  return { ...(value ?? empty(behind, false)), span: { start: behind, end: behind }, hole: state.reach.fills(behind, column) };
}

function aliasOf(state: State, name: string, span: Span): Node {
  const anchored = state.anchors.get(name);
  if (state.open.has(name)) {
    const message = `'*${name}' is inside '&${name}', so the value would contain itself. Write out the value.`;
    state.problems.push({ code: 'yaml-alias-cycle', span, message });
    return { kind: 'alias', span, name, target: undefined, hole: false };
  }
  if (!anchored) {
    if (name === '') return { kind: 'alias', span, name, target: undefined, hole: false };
    const message = `No anchor '&${name}' is defined above, so the API server rejects the manifest. Define it, or quote a string that starts with '*'.`;
    state.problems.push({ code: 'yaml-alias', span, message });
    return { kind: 'alias', span, name, target: undefined, hole: false };
  }
  state.expanded += anchored.size;
  if (!state.isBomb && isExcessive(state)) {
    state.isBomb = true;
    const message =
      'The aliases expand to much more than the document itself, so the API server rejects the manifest. Write the values in full.';
    state.problems.push({ code: 'yaml-alias', span, message });
  }
  return { kind: 'alias', span, name, target: state.isBomb ? undefined : anchored.node, hole: false };
}

/**
 * Would the API server's parser give up? goyaml.v2 does from 100 aliased nodes and 1,000 nodes on where more than 99 % come from aliases,
 * and 10 % from 4 million nodes on. So whoever walks a tree through its aliases meets a bounded number of nodes.
 */
function isExcessive({ written, expanded }: State): boolean {
  const all = written + expanded;
  if (expanded <= 100 || all <= 1000) return false;
  const allowed = all <= 400_000 ? 0.99 : all >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((all - 400_000) / 3_600_000);
  return expanded / all > allowed;
}

function scalarOf(state: State, view: View & { readonly kind: 'scalar' }): ScalarNode {
  const { style, text, tag } = view;
  const span = trimmed(view, state);
  const resolved =
    tag === undefined
      ? style === 'plain'
        ? resolvePlain(text)
        : { type: 'string' as const, value: text }
      : resolveTagged(tag, text, style !== 'plain');
  const hole = state.reach.truncates(view);
  if (!hole && resolved === undefined) {
    const message = `The tag ${tag} does not match the value '${text.slice(0, 40)}', so the API server rejects the manifest. Remove the tag, or correct the value.`;
    state.problems.push({ code: 'yaml-tag', span, message });
  }
  return { kind: 'scalar', span, style, text, value: resolved ?? { type: 'string', value: text }, hole };
}

/** A node that is not a key. As a key `.inf` is the text ".inf" (sigs.k8s.io/yaml, `convertToJSONableObject`); as a value it is nothing. */
function* valueOf(state: State, source: Source): Work<Node> {
  const node = yield* nodeOf(state, source);
  if (node.kind === 'scalar' && !node.hole && node.value.type === 'float' && !Number.isFinite(node.value.value)) {
    const message = `'${node.text}' is not a number in JSON, so the API server rejects the document. Put it in quotes if text is meant.`;
    state.problems.push({ code: 'yaml-not-json', span: node.span, message });
  }
  return node;
}

function empty(at: number, hole: boolean): ScalarNode {
  return { kind: 'scalar', span: { start: at, end: at }, style: 'plain', text: '', value: { type: 'null' }, hole };
}

/** From the first entry, or the opening bracket, to the last entry, or the closing bracket. */
function around(state: State, view: Span & { readonly flow: boolean }, entries: readonly { readonly span: Span }[]): Span {
  const last = entries.at(-1)?.span.end ?? view.start;
  const end = view.flow || entries.length === 0 ? Math.max(last, trimmed(view, state).end) : last;
  return { start: Math.min(view.start, entries[0]?.span.start ?? view.start), end };
}

/** Only templates need columns; without holes they are not used. */
function columnOf(state: State, offset: number): number {
  return state.reach.asks ? columnAt(state.masked, offset) : 0;
}

/** The span without the blanks that the library counts to the end of a node. */
function trimmed({ start, end }: Span, { masked, text }: State): Span {
  let last = end;
  while (last > start && (isBlank(masked, last - 1) || isBlank(text, last - 1))) last--;
  return { start, end: last };
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}
