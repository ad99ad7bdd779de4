import { touches, type Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { applyEdits, type Edit } from '../syntax/edit.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import { mergeItems, splitItem } from '../syntax/join-items.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { asSeq, type SeqNode } from '../syntax/tree.ts';
import { edit, placesOf, type PlacedManifest } from '../syntax/source-file.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor, withFile } from '../workspace/snapshot.ts';
import { DIRECTIONS, type Rule } from '../model/policy.ts';
import { previewOf, type PreviewedChange } from './refactor/preview.ts';
import { selectorsOf } from './refactor/peers.ts';
import { workloadPolicyFor } from './refactor/workload-policy.ts';
import type { FeatureContext } from './context.ts';
import { readPolicyIn } from './text/policies.ts';

/** A change of the text that its author may want; not a repair. */
export interface Refactoring {
  /** With who is gained and lost by it, where workloads are known. */
  readonly title: string;
  /** In offsets of the whole file; they do not overlap. */
  readonly edits: readonly Edit[];
}

/** Rewrites of the peers of NetworkPolicies that a range touches (AND, OR), and a policy for the workload that it names. Yields between rules. */
export function* refactorings(context: FeatureContext, range: Span): Work<readonly Refactoring[]> {
  const found: Refactoring[] = [];
  for (const { piece, start, document, prefix } of placesOf(context.file)) {
    if (start > range.end || start + piece.text.length < range.start) continue;
    for (const manifest of manifestsIn(piece))
      found.push(...(yield* inManifest(context, { manifest, start, document, prefix: [...prefix, ...manifest.inner] }, range)));
  }
  return found;
}

function* inManifest(context: FeatureContext, placed: PlacedManifest, range: Span): Work<readonly Refactoring[]> {
  const { manifest, start } = placed;
  const policy = readPolicyIn(manifest)?.policy;
  if (!policy) return workloadPolicyFor(context, placed, range);
  if (!policy.traits.namespaced) return [];
  const inside = { start: range.start - start, end: range.end - start };
  const found: Refactoring[] = [];
  for (const direction of DIRECTIONS) {
    for (const rule of policy[direction]?.rules ?? []) {
      for (const { title, edit: change } of yield* offersIn(manifest, rule, direction === 'ingress' ? 'from' : 'to', inside)) {
        const preview = previewIn(context, placed, change, { direction, rule: rule.path });
        found.push({
          title: preview === undefined ? title : `${title}: ${preview}`,
          edits: [{ ...change, start: change.start + start, end: change.end + start }],
        });
        yield;
      }
      yield;
    }
  }
  return found;
}

interface Offer {
  readonly title: string;
  readonly edit: Edit;
}

function* offersIn({ root, piece }: Manifest, { path }: Rule, field: 'from' | 'to', range: Span): Work<readonly Offer[]> {
  const node = nodeAt(root, [...path, field]);
  const list = asSeq(node);
  // Behind an alias stands a list that other rules use as well.
  if (!list || node?.kind !== 'seq') return [];
  const offers: Offer[] = [];
  for (const [i, item] of list.items.entries()) {
    if (meets(item.span, range)) offers.push(...offersAt(piece.text, list, i, item));
    yield;
  }
  return offers.filter(({ edit: change }, i, all) => all.findIndex((other) => other.edit.start === change.start) === i);
}

function offersAt(text: string, list: SeqNode, i: number, item: SeqNode['items'][number]): readonly Offer[] {
  const merged = [i - 1, i]
    .filter((at) => isPair(list, at))
    .flatMap((at) => {
      const change = mergeItems(text, list, at);
      return change ? [{ title: at === i ? 'Merge with the peer below (AND)' : 'Merge with the peer above (AND)', edit: change }] : [];
    });
  const [only] = merged;
  const split = selectorsOf(item)?.length === 2 ? splitItem(text, list, i) : undefined;
  return [
    ...(only && merged.length === 1 ? [{ ...only, title: 'Merge into one peer (AND)' }] : merged),
    ...(split ? [{ title: 'Split into two peers (OR)', edit: split }] : []),
  ];
}

/** Do two items follow each other of which one is only a podSelector, the other only a namespaceSelector? */
function isPair(list: SeqNode, at: number): boolean {
  const words = [selectorsOf(list.items[at]), selectorsOf(list.items[at + 1])];
  const pairs = [list.items[at], list.items[at + 1]].map((item) => (item?.value.kind === 'map' ? item.value.pairs.length : 0));
  return pairs.every((size) => size === 1) && words.every((names) => names?.length === 1) && words[0]?.[0] !== words[1]?.[0];
}

function meets(item: Span, range: Span): boolean {
  return touches(item, range.start) || touches(item, range.end) || (range.start <= item.start && item.end <= range.end);
}

/** Evaluates the cluster as it would be. */
function previewIn(
  { uri, file, snapshot }: FeatureContext,
  placed: PlacedManifest,
  change: Edit,
  where: Omit<PreviewedChange, 'key'>,
): string | undefined {
  const key = keyOf(snapshot, uri, placed);
  if (key === undefined) return undefined;
  const text = applyEdits(placed.manifest.piece.text, [change]);
  const whole = { start: placed.start, end: placed.start + placed.manifest.piece.text.length, text };
  const after = withFile(snapshot, uri, edit(file, whole));
  return previewOf(clusterFor(snapshot, uri), clusterFor(after, uri), { key, ...where });
}
