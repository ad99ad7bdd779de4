import { touches, type Span } from '../base/span.ts';
import type { Path } from './path.ts';
import { manifestsIn } from './manifest.ts';
import { placesOf, type PlacedManifest, type SourceFile } from './source-file.ts';
import { isMerge, type Node } from './tree.ts';

/** What stands at an offset of a file. */
export interface Place {
  readonly placed: PlacedManifest;
  /** The offset itself, relative to the manifest's piece. */
  readonly offset: number;
  /** The field at the offset, inside the manifest; of a map or list where the offset is on none of its entries. */
  readonly path: Path;
  /** `dash`: on the dash of an item; `blank`: between things, or in a comment. */
  readonly on: 'key' | 'value' | 'dash' | 'blank';
  /** The value of the field. */
  readonly node: Node;
  /** What to show as meant: the key, the scalar, the dash. Relative to the manifest's piece. */
  readonly span: Span;
  /** Everything around the offset, outermost first, each inside the one before it. Relative to the manifest's piece. */
  readonly around: readonly Span[];
}

/** The manifest whose text holds an offset of the file, and the offset inside its piece. */
export function manifestAt(file: SourceFile, offset: number): { readonly placed: PlacedManifest; readonly inside: number } | undefined {
  const places = placesOf(file);
  const found = places.findLast((place) => place.start <= offset && offset <= place.start + place.piece.text.length);
  if (!found) return undefined;
  const inside = offset - found.start;
  const manifests = manifestsIn(found.piece);
  const manifest = manifests.find(({ root }) => root && touches(root.span, inside)) ?? (manifests.length === 1 ? manifests[0] : undefined);
  if (!manifest) return undefined;
  return { placed: { manifest, start: found.start, document: found.document, prefix: [...found.prefix, ...manifest.inner] }, inside };
}

/** What stands at an offset of the file; `undefined` outside every manifest and where nothing could be read. */
export function placeAt(file: SourceFile, offset: number): Place | undefined {
  const at = manifestAt(file, offset);
  const root = at?.placed.manifest.root;
  if (!at || !root || !touches(root.span, at.inside)) return undefined;
  return descend(at.placed, root, at.inside);
}

function descend(placed: PlacedManifest, root: Node, offset: number): Place {
  const around: Span[] = [];
  let node = root;
  let path: Path = [];
  for (;;) {
    around.push(node.span);
    const step = stepInto(node, offset);
    if (!step) {
      const isLeaf = (node.kind === 'scalar' || node.kind === 'alias') && touches(node.span, offset);
      return { placed, offset, path, on: isLeaf ? 'value' : 'blank', node, span: node.span, around };
    }
    path = step.name === undefined ? path : [...path, step.name];
    around.push(step.span);
    if (step.on) return { placed, offset, path, on: step.on, node: step.value, span: step.shown, around: [...around, step.shown] };
    node = step.value;
  }
}

interface Step {
  /** `undefined` for a merge key: what it brings belongs to the map itself. */
  readonly name: string | number | undefined;
  readonly value: Node;
  readonly span: Span;
  readonly shown: Span;
  /** Set where the offset is on the key or the dash itself. */
  readonly on?: 'key' | 'dash';
}

function stepInto(node: Node, offset: number): Step | undefined {
  if (node.kind === 'map') {
    const pair = node.pairs.findLast(({ span }) => touches(span, offset));
    if (!pair) return undefined;
    const step = { name: isMerge(pair) ? undefined : (pair.name ?? ''), value: pair.value, span: pair.span, shown: pair.key.span };
    return touches(pair.key.span, offset) ? { ...step, on: 'key' } : step;
  }
  if (node.kind !== 'seq') return undefined;
  const index = node.items.findLastIndex(({ span }) => touches(span, offset));
  const item = node.items[index];
  if (!item) return undefined;
  const shown = { start: item.span.start, end: item.span.start + 1 };
  const hasDash = !node.flow && item.span.start < item.value.span.start;
  const step = { name: index, value: item.value, span: item.span, shown };
  return hasDash && touches(shown, offset) ? { ...step, on: 'dash' } : step;
}
