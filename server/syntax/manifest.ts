import { store } from '../base/memo.ts';
import { finished, type Work } from '../base/work.ts';
import { parseWork } from './parse.ts';
import { withParameters } from './parameters.ts';
import type { Path } from './path.ts';
import type { Problem } from './problem.ts';
import type { Piece } from './split.ts';
import type { Hole } from './template.ts';
import { itemsOf, type Node } from './tree.ts';
import { wrappedObjects } from './wrapper.ts';

/** One Kubernetes object, or what is left of it, in its piece of text. Offsets count from the start of the piece. */
export interface Manifest {
  readonly piece: Piece;
  readonly root: Node | undefined;
  /** What is wrong with the YAML of the piece; with several manifests in one piece, reported by the first. */
  readonly problems: readonly Problem[];
  readonly holes: readonly Hole[];
  /** Where it stands in its piece: `items[3]` in a List that could not be split as text, `objects[0]` in an OpenShift Template. */
  readonly inner: Path;
  /** The kind of the List that it is an item of. */
  readonly list?: string;
  /** Above the size limit: nothing of it was read. */
  readonly oversized: boolean;
  /** The YAML has faults that could not be guessed away: what stands behind the first of them may be misread. */
  readonly broken?: boolean;
}

/** A single manifest above this many characters is not parsed. */
export const MAX_MANIFEST_CHARACTERS = 1_000_000;

const parsed = store<Piece, readonly Manifest[]>();

/** The manifests of a piece: usually one; none for the wrapper of a List and for an empty document. Parsed once. */
export function manifestsIn(piece: Piece): readonly Manifest[] {
  return parsed.get(piece) ?? parsed.set(piece, finished(readPiece(piece)));
}

/** Reads the manifests of a piece in steps of some milliseconds, so that `manifestsIn` has its answer at once. */
export function* manifestsWork(piece: Piece): Work<readonly Manifest[]> {
  const before = parsed.get(piece);
  if (before) return before;
  const read = yield* readPiece(piece);
  // While this was interrupted, another caller may have read them; there must be only one of each.
  return parsed.get(piece) ?? parsed.set(piece, read);
}

/** Lets go of the tree of a piece; it is parsed again when it is needed. */
export function dropTree(piece: Piece): void {
  parsed.drop(piece);
}

/** Has the piece been parsed, and is its tree still kept? */
export function isParsed(piece: Piece): boolean {
  return parsed.get(piece) !== undefined;
}

function* readPiece(piece: Piece): Work<readonly Manifest[]> {
  if (piece.kind === 'head' || piece.kind === 'tail') return [];
  if (piece.text.length > MAX_MANIFEST_CHARACTERS) return [{ piece, root: undefined, problems: [], holes: [], inner: [], oversized: true }];
  const { root: read, problems, holes, broken = false } = yield* parseWork(piece.text);
  const root = read && withParameters(read, piece.text);
  const object = piece.kind === 'item' ? itemsOf(root)[0] : root;
  const whole: Manifest = {
    piece,
    root: object && isEmpty(object) ? undefined : object,
    problems,
    holes,
    inner: [],
    ...(piece.list === undefined ? {} : { list: piece.list }),
    oversized: false,
    broken,
  };
  const inside = wrappedObjects(object);
  if (!inside) return whole.root === undefined && problems.length === 0 ? [] : [whole];
  return inside.map(({ root: inner, path, list }, i) => ({
    ...whole,
    root: inner,
    problems: i === 0 ? problems : [],
    inner: path,
    ...(list === undefined ? {} : { list }),
  }));
}

function isEmpty(root: Node): boolean {
  return root.kind === 'scalar' && root.text === '' && root.style === 'plain' && !root.hole;
}
