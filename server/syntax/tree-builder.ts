import type { Span } from '../base/span.ts';
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
  const work: Work = {
    masked,
    text,
    reach: holeReach(masked, holes),
    problems: [],
    anchors: new Map(),
    open: new Set(),
    written: 0,
    expanded: 0,
    isBomb: false,
  };
  const root = valueOf(work, source);
  return { root, problems: work.problems };
}

/** What is known while a tree is built, in the order of the text. */
interface Work {
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
  isBomb: boolean;
}

function nodeOf(work: Work, source: Source): Node {
  const view = look(source);
  const { anchor } = view;
  if (anchor === undefined) return built(work, view);
  const before = work.written + work.expanded;
  work.open.add(anchor);
  const node = { ...built(work, view), anchor };
  work.open.delete(anchor);
  work.anchors.set(anchor, { node, size: work.written + work.expanded - before });
  return node;
}

function built(work: Work, view: View): Node {
  work.written++;
  const node = bare(work, view);
  return view.tag === undefined ? node : { ...node, tag: view.tag };
}

function bare(work: Work, view: View): Node {
  switch (view.kind) {
    case 'map':
      return mapOf(work, view);
    case 'seq':
      return seqOf(work, view);
    case 'alias':
      return aliasOf(work, view.name, trimmed(view, work));
    case 'scalar':
      return scalarOf(work, view);
    default:
      return view satisfies never;
  }
}

function mapOf(work: Work, view: View & { readonly kind: 'map' }): Node {
  const column = view.flow ? 0 : columnOf(work, view.start);
  const isRoot = work.written === 1;
  const pairs = view.pairs.map((pair) => pairOf(work, pair, view.start, column));
  const span = around(work, view, pairs);
  const isMade = view.flow ? work.reach.splits(span) : work.reach.extends(span, column, isRoot);
  return { kind: 'map', span, flow: view.flow, pairs, hole: isMade || pairs.some((pair) => pair.key.hole) };
}

function pairOf(work: Work, pair: PairView, start: number, column: number): Pair {
  const key = keyOf(work, pair, start);
  const behind = pair.colon === undefined ? key.span.end : pair.colon + 1;
  const value = settled(work, pair.value && valueOf(work, pair.value), behind, column);
  const name = nameOf(key);
  if (name === undefined && !key.hole) work.problems.push(badKey(key, behind));
  if (name === '<<' && isBadMerge(key, value))
    work.problems.push({ code: 'yaml-syntax', span: value.span.start < value.span.end ? value.span : key.span, message: MERGE });
  return { key, name, value, span: { start: key.span.start, end: Math.max(value.span.end, behind) } };
}

/** A missing key stands at its colon, or behind its question mark. */
function keyOf(work: Work, pair: PairView, start: number): Node {
  const key = pair.key ? nodeOf(work, pair.key) : empty(start, false);
  if (pair.colon === undefined || !isMissing(key)) return movedBack(work, key, start);
  return { ...key, span: { start: pair.colon, end: pair.colon } };
}

function isMissing(node: Node): boolean {
  return node.kind === 'scalar' && node.span.start === node.span.end;
}

/** A missing value, right behind what stands before it; the library puts it behind the blanks. */
function movedBack(work: Work, node: Node, start: number): Node {
  if (!isMissing(node)) return node;
  const at = trimmed({ start, end: node.span.start }, work).end;
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

function seqOf(work: Work, view: View & { readonly kind: 'seq' }): Node {
  const column = view.flow ? 0 : columnOf(work, view.start);
  const items = view.items.map((item) => itemOf(work, item, view.start, column));
  const span = around(work, view, items);
  // `[{{ join "," .ports }}]`: the hole may be any number of items.
  const isMade = view.flow ? work.reach.splits(span) || items.some((item) => item.value.hole) : work.reach.extends(span, column, false);
  return { kind: 'seq', span, flow: view.flow, items, hole: isMade };
}

function itemOf(work: Work, item: ItemView, start: number, column: number): Item {
  const value = valueOf(work, item.value);
  if (item.dash === undefined) {
    const placed = movedBack(work, value, start);
    return { value: placed, span: placed.span };
  }
  const shown = settled(work, value, item.dash + 1, column);
  return { value: shown, span: { start: item.dash, end: shown.span.end } };
}

/** A missing value stands right behind its colon or dash, and may be made by a hole below. */
function settled(work: Work, value: Node | undefined, behind: number, column: number): Node {
  if (value && !isMissing(value)) return value;
  return { ...(value ?? empty(behind, false)), span: { start: behind, end: behind }, hole: work.reach.fills(behind, column) };
}

function aliasOf(work: Work, name: string, span: Span): Node {
  const anchored = work.anchors.get(name);
  if (work.open.has(name)) {
    const message = `'*${name}' is inside '&${name}', so the value would contain itself. Write out the value.`;
    work.problems.push({ code: 'yaml-alias-cycle', span, message });
    return { kind: 'alias', span, name, target: undefined, hole: false };
  }
  if (!anchored) {
    if (name === '') return { kind: 'alias', span, name, target: undefined, hole: false };
    const message = `No anchor '&${name}' is defined above, so the API server rejects the manifest. Define it, or quote a string that starts with '*'.`;
    work.problems.push({ code: 'yaml-alias', span, message });
    return { kind: 'alias', span, name, target: undefined, hole: false };
  }
  work.expanded += anchored.size;
  if (!work.isBomb && isExcessive(work)) {
    work.isBomb = true;
    const message =
      'The aliases expand to much more than the document itself, so the API server rejects the manifest. Write the values in full.';
    work.problems.push({ code: 'yaml-alias', span, message });
  }
  return { kind: 'alias', span, name, target: work.isBomb ? undefined : anchored.node, hole: false };
}

/**
 * Would the API server's parser give up? goyaml.v2 does from 100 aliased nodes and 1,000 nodes on where more than 99 % come from aliases,
 * and 10 % from 4 million nodes on. So whoever walks a tree through its aliases meets a bounded number of nodes.
 */
function isExcessive({ written, expanded }: Work): boolean {
  const all = written + expanded;
  if (expanded <= 100 || all <= 1000) return false;
  const allowed = all <= 400_000 ? 0.99 : all >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((all - 400_000) / 3_600_000);
  return expanded / all > allowed;
}

function scalarOf(work: Work, view: View & { readonly kind: 'scalar' }): ScalarNode {
  const { style, text, tag } = view;
  const span = trimmed(view, work);
  const resolved =
    tag === undefined
      ? style === 'plain'
        ? resolvePlain(text)
        : { type: 'string' as const, value: text }
      : resolveTagged(tag, text, style !== 'plain');
  const hole = work.reach.cuts(view);
  if (!hole && resolved === undefined) {
    const message = `The tag ${tag} does not match the value '${text.slice(0, 40)}', so the API server rejects the manifest. Remove the tag, or correct the value.`;
    work.problems.push({ code: 'yaml-tag', span, message });
  }
  return { kind: 'scalar', span, style, text, value: resolved ?? { type: 'string', value: text }, hole };
}

/** A node that is not a key. As a key `.inf` is the text ".inf" (sigs.k8s.io/yaml, `convertToJSONableObject`); as a value it is nothing. */
function valueOf(work: Work, source: Source): Node {
  const node = nodeOf(work, source);
  if (node.kind === 'scalar' && !node.hole && node.value.type === 'float' && !Number.isFinite(node.value.value)) {
    const message = `'${node.text}' is not a number in JSON, so the API server rejects the document. Put it in quotes if text is meant.`;
    work.problems.push({ code: 'yaml-not-json', span: node.span, message });
  }
  return node;
}

function empty(at: number, hole: boolean): ScalarNode {
  return { kind: 'scalar', span: { start: at, end: at }, style: 'plain', text: '', value: { type: 'null' }, hole };
}

/** From the first entry, or the opening bracket, to the last entry, or the closing bracket. */
function around(work: Work, view: Span & { readonly flow: boolean }, entries: readonly { readonly span: Span }[]): Span {
  const last = entries.at(-1)?.span.end ?? view.start;
  const end = view.flow || entries.length === 0 ? Math.max(last, trimmed(view, work).end) : last;
  return { start: Math.min(view.start, entries[0]?.span.start ?? view.start), end };
}

/** Only templates need columns; without holes they are not used. */
function columnOf(work: Work, offset: number): number {
  return work.reach.asks ? columnAt(work.masked, offset) : 0;
}

/** The span without the blanks that the library counts to the end of a node. */
function trimmed({ start, end }: Span, { masked, text }: Work): Span {
  let last = end;
  while (last > start && (isBlank(masked, last - 1) || isBlank(text, last - 1))) last--;
  return { start, end: last };
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}
