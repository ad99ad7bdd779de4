import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node as YamlNode, type Pair as YamlPair } from 'yaml';
import type { Span } from '../base/span.ts';
import { keyText, resolvePlain, resolveTagged, type ScalarValue } from './scalar.ts';
import { yamlProblem, type Problem } from './problem.ts';
import { maskTemplate, type Hole } from './template.ts';
import type { Item, Node, Pair, ScalarNode } from './tree.ts';

/** What one YAML document is read into: whatever can be read, and the problems. Never throws. */
export interface Parsed {
  readonly root: Node | undefined;
  readonly problems: readonly Problem[];
  readonly holes: readonly Hole[];
}

const DEEPEST = 200;
/** goyaml refuses documents whose aliases expand to very much more than what is written. */
const MOST_NODES = 400_000;

/** Parses the text of one YAML document (with its markers and directives). Offsets are relative to this text. */
export function parse(text: string): Parsed {
  const masked = maskTemplate(text);
  try {
    return parseMasked(masked.text, masked.holes);
  } catch {
    // The YAML library recurses: a text nested thousands of levels deep exhausts its stack.
    const problem = { code: 'nested-too-deep', span: { start: 0, end: Math.min(text.length, 1) }, message: TOO_DEEP };
    return { root: undefined, problems: [problem], holes: masked.holes };
  }
}

const TOO_DEEP = 'This document is nested too deeply to be read, so nothing in it is checked. Flatten it, or split it into several documents.';

function parseMasked(text: string, holes: readonly Hole[]): Parsed {
  const first = compose(text);
  const repaired = first.errors.length > 0 ? blankHalfTyped(text, first.errors) : text;
  const second = repaired === text ? first : compose(repaired);
  const best = second.errors.length < first.errors.length ? second : first;
  const builder = treeBuilder(best === second ? repaired : text, holes);
  const root = best.contents ? builder.node(best.contents, 0) : undefined;
  // A template decides at run time what the text is; its syntax cannot be judged before.
  const syntax = holes.length > 0 ? [] : [...first.errors, ...directiveProblems(text)];
  return { root, problems: [...syntax, ...builder.problems], holes };
}

interface Composed {
  readonly contents: YamlNode | null;
  readonly errors: readonly Problem[];
}

function compose(text: string): Composed {
  const options = { schema: 'failsafe', uniqueKeys: false, merge: false, keepSourceTokens: true, prettyErrors: false, logLevel: 'silent' } as const;
  const documents = parseAllDocuments(text, options) as Document.Parsed[];
  // Go's parser reads an indented first line as a document of its own; so does this one. The richest document is what was meant.
  const main = documents.find((document) => isMap(document.contents)) ?? documents[0];
  const errors = documents.flatMap((document) => document.errors);
  const problems = errors.map((error) => yamlProblem(error.code, error.pos, text)).filter((problem) => problem !== undefined);
  if (documents.length > 1) problems.push(...secondDocument(documents, text));
  return { contents: main?.contents ?? null, errors: problems };
}

/** Inside one piece of text there is one document: a second one means that the indentation fell apart. */
function secondDocument(documents: readonly Document.Parsed[], text: string): Problem[] {
  const at = documents[1]?.range[0] ?? 0;
  if (documents.slice(1).every((document) => document.contents === null) || documents[0]?.errors.length) return [];
  const start = at + (text.slice(at).search(/\S/) || 0);
  const message = 'This line is indented less than the lines before it, so YAML reads it as a new document. Line it up with the keys it belongs to.';
  return [{ code: 'yaml-indentation', span: { start, end: lineEnd(text, start) }, message }];
}

function directiveProblems(text: string): Problem[] {
  const directive = /^%YAML[ \t]+(\S+)/m.exec(text);
  if (!directive || directive[1] === '1.1' || !/^[\s\uFEFF]*(?:#.*\s+)*%/.test(text)) return [];
  const span = { start: directive.index, end: directive.index + directive[0].length };
  return [{ code: 'yaml-directive', span, message: `Kubernetes reads YAML 1.1 only and rejects a document marked as YAML ${directive[1]}. Remove this line.` }];
}

/**
 * A line that is still being typed (`podSel`, `-`, `"po`) makes the YAML parser misread its neighbours. Where there are errors, such
 * lines are blanked so that the rest keeps its meaning; the error itself stays reported.
 */
function blankHalfTyped(text: string, errors: readonly Problem[]): string {
  let out = text;
  for (const error of errors.slice(0, 20)) {
    for (const lineStart of [startOfLine(text, error.span.start), startOfLine(text, error.span.end)]) {
      const end = lineEnd(text, lineStart);
      const line = text.slice(lineStart, end);
      if (/^\s*(?:- *)*(?:["']?[\w./-]*|["'][^"':]*)\s*$/.test(line) && !/^(?:---|\.\.\.)/.test(line)) {
        out = out.slice(0, lineStart) + ' '.repeat(line.length) + out.slice(end);
      }
    }
  }
  return out;
}

function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

function lineEnd(text: string, offset: number): number {
  const rest = text.slice(offset).search(/[\r\n]/);
  return rest === -1 ? text.length : offset + rest;
}

interface TreeBuilder {
  readonly problems: readonly Problem[];
  node(node: YamlNode, depth: number): Node;
}

function treeBuilder(text: string, holes: readonly Hole[]): TreeBuilder {
  const problems: Problem[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<string>();
  const inline = holes.filter((hole) => !hole.wholeLine);
  const edges = holeEdges(text, holes.filter((hole) => hole.wholeLine));
  let count = 0;

  function node(source: YamlNode, depth: number): Node {
    if (++count > MOST_NODES || depth > DEEPEST) return tooDeep(source);
    const anchor = 'anchor' in source && typeof source.anchor === 'string' ? source.anchor : undefined;
    if (anchor !== undefined) open.add(anchor);
    const built = build(source, depth);
    if (anchor === undefined) return built;
    open.delete(anchor);
    const anchored = { ...built, anchor };
    anchors.set(anchor, anchored);
    return anchored;
  }

  function build(source: YamlNode, depth: number): Node {
    const at = rangeOf(source, text);
    const tag = source.tag;
    const extra = tag === undefined ? {} : { tag };
    if (isAlias(source)) return alias(source.source, at);
    if (isScalar(source)) return { ...scalarOf(source, at), ...extra };
    if (isMap(source)) {
      const pairs = source.items.map((pair) => pairOf(pair as YamlPair<YamlNode | null, YamlNode | null>, at, depth));
      const whole = { start: pairs[0] && !source.flow ? Math.min(at.start, pairs[0].span.start) : at.start, end: source.flow ? at.end : (pairs.at(-1)?.span.end ?? at.end) };
      const hole = inMap(whole) || pairs.some((pair) => pair.key.hole);
      return { kind: 'map', span: whole, flow: source.flow === true, pairs, hole, ...extra };
    }
    if (isSeq(source)) {
      const tokens = source.srcToken && 'items' in source.srcToken ? source.srcToken.items : [];
      const items = source.items.map((item, i) => itemOf(item as YamlNode, dashOf(tokens[i]), depth));
      const end = source.flow ? at.end : (items.at(-1)?.span.end ?? at.end);
      return { kind: 'seq', span: { start: at.start, end }, flow: source.flow === true, items, hole: inMap({ start: at.start, end }), ...extra };
    }
    return empty(at.start);
  }

  function alias(name: string, at: Span): Node {
    const target = anchors.get(name);
    if (open.has(name)) {
      problems.push({ code: 'yaml-alias-cycle', span: at, message: `\`*${name}\` stands inside \`&${name}\` and would contain itself without end. Write the value out here.` });
    }
    if (!open.has(name) && !target) problems.push({ code: 'yaml-alias', span: at, message: `No anchor \`&${name}\` stands before this alias, so the document cannot be read. Put text that starts with * in quotes.` });
    return { kind: 'alias', span: at, name, target: open.has(name) ? undefined : target, hole: false };
  }

  function scalarOf(source: YamlNode, at: Span): ScalarNode {
    const token = isScalar(source) ? source : undefined;
    const style = STYLES[token?.type ?? ''] ?? 'plain';
    const value = typeof token?.value === 'string' ? token.value : '';
    const raw = style === 'plain' ? (token?.source ?? '') : value;
    const resolved = source.tag === undefined ? untagged(style, raw) : resolveTagged(source.tag, raw, style !== 'plain');
    const hole = inline.some((h) => h.start < at.end && at.start < h.end) || (at.start === at.end && edges.touches(at));
    if (!hole && resolved === undefined) problems.push({ code: 'yaml-tag', span: at, message: `The tag ${source.tag} does not fit \`${raw.slice(0, 40)}\`, so the document cannot be read. Remove the tag, or correct the value.` });
    if (!hole && resolved?.type === 'float' && !Number.isFinite(resolved.value)) {
      problems.push({ code: 'yaml-not-json', span: at, message: `\`${raw}\` is not a number that JSON can carry, so the API server rejects the document. Put it in quotes if text is meant.` });
    }
    return { kind: 'scalar', span: at, style, text: raw, value: resolved ?? { type: 'string', value: raw }, hole };
  }

  function pairOf(pair: YamlPair<YamlNode | null, YamlNode | null>, parent: Span, depth: number): Pair {
    const tokens = pair.srcToken;
    const separator = tokens?.sep?.find((token) => token.type === 'map-value-ind');
    const fallback = separator?.offset ?? parent.start;
    const key = pair.key ? node(pair.key, depth + 1) : empty(fallback);
    const behind = separator ? separator.offset + 1 : key.span.end;
    const value = pair.value ? node(pair.value, depth + 1) : empty(behind);
    const settled = value.span.start === value.span.end && value.kind === 'scalar' ? { ...value, span: { start: behind, end: behind }, hole: edges.touches({ start: behind, end: behind }) } : value;
    const name = key.kind === 'scalar' ? keyText(key.value) : key.kind === 'alias' && key.target?.kind === 'scalar' ? keyText(key.target.value) : undefined;
    if (name === undefined && !key.hole) problems.push(badKey(key));
    return { key, name, value: settled, span: { start: key.span.start, end: Math.max(settled.span.end, behind) } };
  }

  function itemOf(source: YamlNode, dash: number | undefined, depth: number): Item {
    const value = node(source, depth + 1);
    const start = dash ?? value.span.start;
    if (value.kind !== 'scalar' || value.span.start !== value.span.end || dash === undefined) return { value, span: { start, end: value.span.end } };
    const at = { start: dash + 1, end: dash + 1 };
    return { value: { ...value, span: at, hole: edges.touches(at) }, span: { start, end: dash + 1 } };
  }

  function tooDeep(source: YamlNode): Node {
    const at = rangeOf(source, text);
    if (!problems.some((problem) => problem.code === 'nested-too-deep')) problems.push({ code: 'nested-too-deep', span: at, message: TOO_DEEP });
    return empty(at.start);
  }

  function inMap(at: Span): boolean {
    return edges.touches(at) || edges.inside(at);
  }

  return { problems, node };
}

function untagged(style: ScalarNode['style'], text: string): ScalarValue {
  return style === 'plain' ? resolvePlain(text) : { type: 'string', value: text };
}

const STYLES: Readonly<Record<string, ScalarNode['style']>> = {
  PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double', BLOCK_LITERAL: 'literal', BLOCK_FOLDED: 'folded',
};

function badKey(key: Node): Problem {
  const message = key.kind === 'scalar' ? 'A key is missing in front of the colon; the API server rejects a null key. Write the name of the field.' : 'Only text can be a key here; the API server rejects a list or a map as a key. If this is a template, complete its braces.';
  return { code: 'yaml-key', span: key.span.start === key.span.end ? { start: key.span.start, end: key.span.end + 1 } : key.span, message };
}

function empty(at: number): ScalarNode {
  return { kind: 'scalar', span: { start: at, end: at }, style: 'plain', text: '', value: { type: 'null' }, hole: false };
}

function rangeOf(source: YamlNode, text: string): Span {
  const range = source.range ?? [0, 0, 0];
  const [start, end] = [range[0], range[1]];
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function dashOf(token: unknown): number | undefined {
  if (typeof token !== 'object' || token === null || !('start' in token) || !Array.isArray(token.start)) return undefined;
  const dash: unknown = token.start.find((part: { type?: string }) => part.type === 'seq-item-ind');
  return typeof dash === 'object' && dash !== null && 'offset' in dash && typeof dash.offset === 'number' ? dash.offset : undefined;
}

interface HoleEdges {
  /** Does a whole-line hole stand right before or right behind the value? */
  touches(at: Span): boolean;
  /** Does a whole-line hole stand between the items of a value? */
  inside(at: Span): boolean;
}

function holeEdges(text: string, holes: readonly Hole[]): HoleEdges {
  const befores = new Set(holes.map((hole) => contentBefore(text, hole.start)));
  const afters = new Set(holes.map((hole) => contentAfter(text, hole.end)));
  return {
    touches: (at) => befores.has(at.end) || afters.has(at.start),
    inside: (at) => holes.some((hole) => at.start < hole.start && hole.end < at.end),
  };
}

function contentBefore(text: string, offset: number): number {
  let at = text.slice(0, offset).trimEnd().length;
  for (let line = startOfLine(text, at); /^\s*#/.test(text.slice(line, at)) && line > 0; line = startOfLine(text, at)) at = text.slice(0, line).trimEnd().length;
  return at;
}

function contentAfter(text: string, offset: number): number {
  const gap = /^(?:\s+|#[^\r\n]*)*/.exec(text.slice(offset));
  return offset + (gap?.[0].length ?? 0);
}
