import type { SourceFile } from '../../syntax/source-file.ts';
import { itemsOf, type MapNode, type Node, type Origin } from '../../syntax/tree.ts';
import { KUSTOMIZATION_NAMES } from '../kustomization.ts';
import { isInside, resolveFrom } from '../uri.ts';
import type { TransformerConfig } from './default-specs.ts';
import { fieldIn, writtenName } from './fields.ts';
import type { BuildFiles } from './files.ts';
import { fillerOf } from './fillers.ts';
import type { Shape } from './merge-keys.ts';
import { type BuildCode, BuildError, type BuildObject, type BuildProblem } from './objects.ts';
import type { Added } from './transformers.ts';
import { below, stringsIn, textOfScalar } from './values.ts';
import type { Var } from './vars.ts';

/** What a kustomization makes of its resources, before the last steps that only the outermost one takes. */
export interface Accumulated {
  readonly objects: readonly BuildObject[];
  readonly config: TransformerConfig;
  readonly vars: readonly Var[];
  readonly problems: readonly BuildProblem[];
  /** Every address that the build has read or looked for. */
  readonly reads: ReadonlySet<string>;
  /** The targets in Components that have matched an object, by `placeKey`. */
  readonly matched: ReadonlySet<string>;
  /** The reads that are resources: their objects are in the build. */
  readonly root: Origin | undefined;
}

/** Results of folders, kept between builds by the caller. */
export type BuildCache = Map<string, Accumulated>;

/** What the cache calls the result of a folder: builds that may read more files than others have their own. */
export function cacheKey(folder: string, outermost: Pick<Outermost, 'readsAnywhere'> | undefined): string {
  return outermost?.readsAnywhere === true ? `${folder}\n` : folder;
}

/** What a deploying object makes of the kustomization that it has built. */
export interface Outermost {
  readonly folder: string;
  readonly adapt: (root: MapNode) => MapNode;
  /** Single files may stand anywhere in the repository: Flux builds without the load restrictions of kustomize (fluxcd/pkg `kustomize`). */
  readonly readsAnywhere?: boolean;
  /** Stands for the kustomization of a folder that has none. */
  readonly generated?: { readonly root: MapNode; readonly place: Origin };
}

/** What the steps of a build share. */
export interface Context {
  readonly files: BuildFiles;
  readonly cache: BuildCache;
  /** The folders around, the outermost first. */
  readonly chain: readonly string[];
  /** What is changed in the kustomization of the outermost folder before it is built; it has no file where `place` is given. */
  readonly outermost?: Outermost;
  /** How many kustomizations may still be read. */
  readonly budget: { left: number };
  /** Does an enclosing kustomization include objects that are not visible? Then a missing object is not a mistake. */
  readonly isPartial?: boolean;
  /** Is it noted which transformers an object has passed? */
  readonly notesTransformers?: boolean;
  /** Builds the kustomization of a folder. */
  readonly accumulate: (folder: string, context: Context) => Accumulated;
  /** Lets the Component of a folder work on what has been gathered. */
  readonly enter: (folder: string, context: Context, around: State) => Accumulated;
}

/** What is gathered while one kustomization is read. Local to one call of `accumulate`. */
export interface State {
  readonly context: Context;
  readonly folder: string;
  readonly root: MapNode;
  readonly place: Origin;
  readonly schemas: ReadonlyMap<string, Shape>;
  readonly problems: BuildProblem[];
  /** Those of its problems that other kustomizations report. */
  readonly adopted: Set<BuildProblem>;
  readonly reads: Set<string>;
  readonly matched: Set<string>;
  objects: readonly BuildObject[];
  config: TransformerConfig;
  vars: readonly Var[];
}

/** The kustomization file of a folder, the first of those that kustomize looks for. */
export function kustomizationUriIn(folder: string, files: BuildFiles): string | undefined {
  return KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`).find((uri) => files.what(uri) === 'file');
}

/** What only this program cannot read. */
class UnknownPart extends BuildError {}

/** What went wrong in a step, as a problem at its place. */
export function problemOf(fault: unknown, place: Origin | undefined, code?: BuildCode): BuildProblem {
  const buildError = fault instanceof BuildError ? fault : undefined;
  const nowhere: Origin = {
    written: { uri: '', piece: { text: '', kind: 'document', breaks: 0, opensDocument: false }, index: 0 },
    path: [],
  };
  return {
    code: buildError?.code ?? code ?? 'kustomization-build',
    severity: 'error',
    place: buildError?.place ?? place ?? nowhere,
    message: fault instanceof Error ? fault.message : String(fault),
  };
}

/** The place of a field of the kustomization. */
export function at(state: State, ...path: readonly (string | number)[]): Origin {
  const [first, ...rest] = path;
  const name = typeof first === 'string' ? writtenName(state.root, first) : (first ?? '');
  return { written: state.place.written, path: [name, ...rest] };
}

/** Does a step; what kustomize refuses in it is noted, and the rest of the build goes on without it. */
export function guarded(state: State, place: Origin, step: () => void, code?: BuildCode): void {
  try {
    step();
  } catch (fault) {
    state.problems.push(problemOf(fault, place, code));
  }
}

/** A guarded step that may meet something that only this program cannot read. */
export function attempt(state: State, place: Origin, step: () => void, code?: BuildCode): void {
  guarded(
    state,
    place,
    () => {
      try {
        step();
      } catch (fault) {
        if (!(fault instanceof UnknownPart)) throw fault;
        unknownPart(state, fault.place ?? place, fault.message);
      }
    },
    code,
  );
}

/** Changes the objects, where kustomize lets it. */
export function step(state: State, place: Origin, change: (objects: readonly BuildObject[]) => readonly BuildObject[]): void {
  guarded(state, place, () => (state.objects = change(state.objects)));
}

/** Notes that a part of the build cannot be seen here. */
export function unknownPart(state: State, place: Origin, message: string): void {
  state.problems.push({ code: 'kustomization-unknown', severity: 'unknown', place, message });
}

/** The strings of a list field, with their places. */
export function paths(state: State, field: string): readonly (readonly [path: string, place: Origin, node: Node])[] {
  return itemsOf(fieldIn(state.root, field)).flatMap((node, i) => {
    const text = textOfScalar(node);
    return text === undefined ? [] : [[text, node.origin ?? at(state, field, i), node] as const];
  });
}

/** A file that a field names. Throws a BuildError where it is missing or out of reach. */
export function stateFileAt(state: State, path: string, place: Origin, code: BuildCode = 'kustomization-path'): SourceFile {
  const uri = resolveFrom(state.folder, path);
  if (uri !== undefined) state.reads.add(uri);
  const file = uri === undefined ? undefined : state.context.files.file(uri);
  if (uri !== undefined && file) {
    demandInside(state, uri, path, place);
    return file;
  }
  if (uri === undefined || state.context.files.what(uri) === 'unknown')
    throw new UnknownPart(`'${path}' cannot be read, so its changes are not known.`, place);
  demandNotFilled(state, uri, path, place);
  throw new BuildError(`'${path}' does not exist.`, place, code);
}

/** Throws an UnknownPart for a missing path that another tool fills before kustomize runs. */
export function demandNotFilled(state: State, uri: string, path: string, place: Origin): void {
  const filler = fillerOf(uri, state.folder, state.context.files, state.reads);
  if (filler === undefined) return;
  throw new UnknownPart(
    `'${path}' is missing, but ${filler}. Its objects are unknown; findings and verdicts take into account that they may exist.`,
    place,
  );
}

/** kustomize reads single files in or below its own folder only. */
export function demandInside(state: State, uri: string, path: string, place: Origin): void {
  if (state.context.outermost?.readsAnywhere === true) return;
  if (!isInside(uri, state.folder))
    throw new BuildError(
      `'${path}' is outside of the folder of this kustomization. kustomize reads single files in or below it only; move the file, or give it a kustomization.`,
      place,
      'kustomization-path',
    );
}

/** Takes over what the build of another kustomization has noted and read. */
export function adopt(state: State, { problems, reads, matched }: Pick<Accumulated, 'problems' | 'reads' | 'matched'>): void {
  // One base may be read over many ways.
  const reported = new Set(state.problems);
  for (const problem of problems) {
    state.adopted.add(problem);
    if (!reported.has(problem)) state.problems.push(problem);
  }
  for (const read of reads) state.reads.add(read);
  for (const target of matched) state.matched.add(target);
}

/** A string map (labels, annotations), each entry with its place. */
export function stringEntriesIn(node: Node | undefined, around: Origin): ReadonlyMap<string, Added> {
  const place = node?.origin ?? around;
  return new Map([...stringsIn(node)].map(([name, text]) => [name, { text, place: below(place, name) ?? place }]));
}

/** Are there objects or changes that are not visible? */
export function isPartial({ problems, context }: State): boolean {
  return context.isPartial === true || problems.some(({ severity, code }) => severity === 'unknown' || code === 'kustomization-path');
}
