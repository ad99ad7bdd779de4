import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import { placesOf } from '../syntax/source-file.ts';
import { isMerge, type Node, type ScalarNode } from '../syntax/tree.ts';
import type { FeatureContext } from './context.ts';
import { writtenSelectors } from './text/calico-selectors.ts';
import { readPolicyIn } from './text/policies.ts';
import { selectorTokens } from './text/selector-tokens.ts';

/** The types in use, all of them standard ones, so that every theme has a colour for them. */
export const TOKEN_TYPES = [
  'class',
  'namespace',
  'type',
  'keyword',
  'enumMember',
  'property',
  'string',
  'number',
  'variable',
  'operator',
  'function',
] as const;

export type TokenType = (typeof TOKEN_TYPES)[number];

/** A word and what it is; never more than one line. In offsets of the whole file. */
export interface SemanticToken extends Span {
  readonly type: TokenType;
}

/** What the words of our documents are, in a range of the file, in its order. Nothing in other documents. Yields between words. */
export function* semanticTokens({ file }: FeatureContext, range: Span): Work<readonly SemanticToken[]> {
  const all: SemanticToken[] = [];
  for (const { piece, start } of placesOf(file)) {
    if (start > range.end || start + piece.text.length < range.start) continue;
    for (const manifest of manifestsIn(piece)) {
      for (const { start: from, end: to, type } of yield* tokensOf(manifest)) {
        const isShown = to + start > range.start && from + start < range.end && !/[\r\n]/.test(piece.text.slice(from, to));
        if (isShown) all.push({ start: from + start, end: to + start, type });
      }
      yield;
    }
  }
  return all;
}

/** The words of one manifest, in offsets of its piece. */
function* tokensOf(manifest: Manifest): Work<readonly SemanticToken[]> {
  if (!manifest.root || !readPolicyIn(manifest)) return [];
  const found: SemanticToken[] = [];
  for (const token of tokensIn(manifest.root, [])) {
    found.push(token);
    yield;
  }
  for (const selector of writtenSelectors(manifest)) {
    found.push(...selectorTokens(manifest.piece.text, selector));
    yield;
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** What an alias stands for has its words where its anchor is. */
function* tokensIn(node: Node, path: Path): Generator<SemanticToken> {
  if (node.kind === 'scalar') {
    const type = node.span.end > node.span.start && !node.hole ? valueType(path, node) : undefined;
    if (type) yield { ...node.span, type };
  } else if (node.kind === 'seq') {
    for (const [i, { value }] of node.items.entries()) yield* tokensIn(value, [...path, i]);
  } else if (node.kind === 'map') {
    for (const pair of node.pairs) {
      const inner = isMerge(pair) ? path : [...path, pair.name ?? ''];
      const type = isMerge(pair) || pair.key.kind !== 'scalar' || pair.key.hole ? undefined : keyType(inner);
      if (type) yield { ...pair.key.span, type };
      yield* tokensIn(pair.value, inner);
    }
  }
}

function keyType(path: Path): TokenType | undefined {
  const field = path.at(-1);
  const isLabel = path.at(-2) === 'matchLabels' || (path.length === 3 && path[0] === 'metadata' && path[1] === 'labels');
  if (isLabel) return 'property';
  return path[0] === 'spec' && typeof field === 'string' && SELECTORS.has(field) ? 'type' : undefined;
}

/** The fields that pick pods, namespaces, nodes or addresses. */
const SELECTORS: ReadonlySet<string> = new Set([
  'podSelector',
  'namespaceSelector',
  'ipBlock',
  'subject',
  'pods',
  'namespaces',
  'nodes',
  'networks',
  'domainNames',
  'selector',
  'notSelector',
  'serviceAccountSelector',
  'nets',
  'notNets',
]);

function valueType(path: Path, { value }: ScalarNode): TokenType | undefined {
  const [root, second] = path;
  const field = path.findLast((step) => typeof step === 'string');
  if (path.length === 1) return root === 'kind' ? 'class' : root === 'apiVersion' ? 'namespace' : undefined;
  if (root === 'metadata')
    return path.length === 2 && (second === 'name' || second === 'namespace')
      ? second === 'name'
        ? 'class'
        : 'namespace'
      : isText(path, 'labels')
        ? 'string'
        : undefined;
  if (root !== 'spec') return undefined;
  if (path.at(-2) === 'matchLabels') return 'string';
  switch (field) {
    case 'tier':
    case 'policyTypes':
    case 'types':
    case 'operator':
    case 'protocol':
    case 'notProtocol':
      return 'enumMember';
    case 'action':
      return 'keyword';
    case 'key':
      return 'property';
    case 'values':
    case 'domainNames':
      return 'string';
    case 'cidr':
    case 'except':
    case 'networks':
    case 'nets':
    case 'notNets':
    case 'priority':
    case 'order':
    case 'number':
    case 'start':
    case 'end':
    case 'endPort':
      return 'number';
    case 'port':
    case 'ports':
    case 'notPorts':
      return value.type === 'string' ? 'variable' : 'number';
    case 'destinationNamedPort':
    case 'namedPort':
      return 'variable';
    default:
      return undefined;
  }
}

function isText(path: Path, field: string): boolean {
  return path.length === 3 && path[1] === field;
}
