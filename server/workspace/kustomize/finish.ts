import { asMap, get, type MapNode, pairsOf } from '../../syntax/tree.ts';
import { type BuildObject, type BuildProblem, remembered } from './objects.ts';
import { withReferences } from './references.ts';
import { type Accumulated, problemOf } from './state.ts';
import { stringsIn, withField } from './values.ts';
import { withVarValues } from './vars.ts';

/** What a build comes to. */
export interface BuildResult {
  readonly objects: readonly BuildObject[];
  readonly problems: readonly BuildProblem[];
  readonly reads: ReadonlySet<string>;
  /** The targets in Components that have matched an object, by `placeKey`. */
  readonly matched: ReadonlySet<string>;
  /** Every file in this folder and below it may be part of the build, too. */
  readonly below?: string;
}

/** The last steps: references, vars, and what is not applied. */
export function finish({ objects, config, vars, problems, reads, matched }: Accumulated): BuildResult {
  const all = [...problems];
  let result = objects.map((object) => (object.hashed === true ? remembered(object) : object));
  const attempt = (step: (before: readonly BuildObject[]) => readonly BuildObject[]): void => {
    try {
      result = [...step(result)];
    } catch (fault) {
      all.push(problemOf(fault, result[0]?.place));
    }
  };
  attempt((before) => withReferences(before, config.nameReference));
  attempt((before) => withVarValues(before, vars, config.varReference));
  attempt((before) => before.filter(({ root }) => !isLocal(root)).map(withoutInternals));
  return { objects: result, problems: unique(all), reads, matched };
}

function isLocal(root: MapNode): boolean {
  const local = stringsIn(get(get(root, 'metadata'), 'annotations')).get('config.kubernetes.io/local-config');
  return local !== undefined && local !== 'false';
}

/** Annotations that kustomize uses itself, and takes away. */
const INTERNAL =
  /^(?:internal\.config\.kubernetes\.io\/.*|config\.kubernetes\.io\/(?:path|index|id)|config\.k8s\.io\/id|kustomize\.config\.k8s\.io\/id)$/;

function withoutInternals(object: BuildObject): BuildObject {
  const metadata = asMap(get(object.root, 'metadata'));
  const annotations = asMap(get(metadata, 'annotations'));
  if (!metadata || !annotations || !pairsOf(annotations).some(({ name }) => name !== undefined && INTERNAL.test(name))) return object;
  const kept = pairsOf(annotations).filter(({ name }) => name === undefined || !INTERNAL.test(name));
  const left = kept.length === 0 ? undefined : { ...annotations, pairs: kept };
  return { ...object, root: withField(object.root, 'metadata', withField(metadata, 'annotations', left)) };
}

function unique(problems: readonly BuildProblem[]): readonly BuildProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ place: { written, path }, message }) => {
    const key = `${written.uri}\n${path.join('/')}\n${message}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
