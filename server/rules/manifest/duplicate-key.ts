import { startOfLine } from '../../base/lines.ts';
import { quote } from '../../base/english.ts';
import { isIndentedMarker } from '../../syntax/problem.ts';
import { asMap, asSeq, isMerge, pairsOf, type MapNode, type Node, type Pair } from '../../syntax/tree.ts';
import { removePair } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule, Draft } from '../rule.ts';

const rule: ManifestRule = {
  name: 'duplicate-key',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A key that is set twice in one object.',
  why: 'The API server rejects the manifest. kubectl keeps only the last value before it sends the manifest, so half of the policy is lost without a warning.',
  anyDocument: true,
  *check({ root, text, manifest }) {
    // Each branch of an if in a template may have the key; behind a `---` that is indented by mistake, which is reported, so may the next document.
    const markers = manifest.problems.filter(({ span }) => isIndentedMarker(text, span)).map(({ span }) => span.start);
    const branches = [...manifest.holes.filter(({ wholeLine }) => wholeLine).map(({ start }) => start), ...markers];
    for (const draft of root ? within(root, [], text) : []) {
      if (!draft) {
        yield;
        continue;
      }
      const first = draft.related?.[0]?.span?.start ?? draft.span.start;
      if (!branches.some((start) => first < start && start < draft.span.start)) yield draft;
    }
  },
};

export default rule;

/** The drafts in a value, those of outer maps first; yields nothing behind each map, as there may be many. */
function* within(node: Node, path: Path, text: string): Generator<Draft | undefined> {
  if (path.length > 200) return;
  if (node.kind === 'seq') for (const [i, { value }] of node.items.entries()) yield* within(value, [...path, i], text);
  if (node.kind !== 'map') return;
  if (mayRepeat(node)) yield* inMap(node, path, text);
  for (const { name, value } of node.pairs) if (name !== undefined) yield* within(value, [...path, name], text);
  yield;
}

/** Equal keys have equal names. A merge key may bring more of them. */
function mayRepeat({ pairs }: MapNode): boolean {
  return new Set(pairs.map(({ name }) => name)).size < pairs.length || pairs.some(isMerge);
}

/** Keys are equal before they become text: `1` and `"1"` are two keys to Go's YAML parser, `y` and `true` are one. */
function* inMap(map: MapNode, path: Path, text: string): Generator<Draft> {
  const seen = new Map<string, Pair>();
  for (const { pair, shown } of written(map)) {
    const identity = identityOf(pair.key);
    if (identity === undefined || pair.name === undefined) continue;
    const first = seen.get(identity);
    if (!first) {
      seen.set(identity, pair);
      continue;
    }
    const name = quote(pair.name);
    const merged = shown !== pair;
    const message = merged
      ? `The merge key sets ${name} a second time, so the API server rejects the manifest (kubectl applies the object's own value). Set the field in one place only.`
      : `${name} is set twice, so the API server rejects the manifest; kubectl keeps only the last value. Keep one of them.`;
    const span = shown.key.span;
    const related =
      seen.has(identity) && map.pairs.includes(first) && first !== shown
        ? [{ path, span: first.key.span, message: `${name} is set here first.` }]
        : [];
    yield {
      span,
      path: [...path, pair.name],
      message,
      related,
      fixes: merged || !map.pairs.includes(first) ? [] : fixes(text, map, first, pair),
    };
  }
}

/** The pairs as Go's parser meets them, those of merge keys included; `shown` is what stands in this map. */
function written(map: MapNode): readonly { readonly pair: Pair; readonly shown: Pair }[] {
  const own = map.pairs.filter((pair) => !isMerge(pair)).map((pair) => ({ pair, shown: pair }));
  const merged = map.pairs.filter(isMerge).flatMap((shown) => {
    const list = asSeq(shown.value);
    const sources = list ? list.items.map((item) => item.value) : [shown.value];
    return sources.flatMap((source) =>
      pairsOf(asMap(source) ?? map)
        .filter((pair) => asMap(source) && !isMerge(pair))
        .map((pair) => ({ pair, shown })),
    );
  });
  return [...own, ...merged];
}

function identityOf(key: Node): string | undefined {
  const scalar = key.kind === 'alias' ? key.target : key;
  if (scalar?.kind !== 'scalar' || scalar.hole || scalar.value.type === 'null') return undefined;
  return `${scalar.value.type} ${'value' in scalar.value ? String(scalar.value.value) : ''}`;
}

function fixes(text: string, map: MapNode, first: Pair, second: Pair): readonly Fix[] {
  const same = textOf(text, first) === textOf(text, second);
  if (same) return [{ title: 'Remove the second one (same value)', edits: [removePair(text, map, second)], safe: true }];
  const both = mergedLists(text, first, second) ?? [];
  return [
    ...both,
    { title: 'Keep the last one, as kubectl does', edits: [removePair(text, map, first)], safe: false },
    { title: 'Keep the first one', edits: [removePair(text, map, second)], safe: false },
  ];
}

function textOf(text: string, { value }: Pair): string {
  return text.slice(value.span.start, value.span.end);
}

/** Two block lists, or two block maps without a key in common, put under the first key. */
function mergedLists(text: string, first: Pair, second: Pair): readonly Fix[] | undefined {
  const [one, other] = [first.value, second.value];
  const lists = one.kind === 'seq' && other.kind === 'seq' && !one.flow && !other.flow;
  const maps =
    one.kind === 'map' &&
    other.kind === 'map' &&
    !one.flow &&
    !other.flow &&
    one.pairs.every((pair) => other.pairs.every(({ name }) => name !== pair.name));
  if (!lists && !maps) return undefined;
  const lineOf = (at: number): number => startOfLine(text, at);
  const [from, to] = [lineOf(second.span.start), lineOf(other.span.start)];
  const adjacent = text.slice(first.span.end, from).trim() === '';
  const sameIndent = one.span.start - lineOf(one.span.start) === other.span.start - to;
  if (!adjacent || !sameIndent || from === to || text.slice(from, second.span.start).trim() !== '') return undefined;
  return [{ title: 'Merge both values', edits: [{ start: from, end: to, text: '' }], safe: false }];
}
