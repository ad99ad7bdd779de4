import type { BuildCode } from './objects.ts';
import { buildMetadataOf, withMetadataAnnotations } from './build-metadata.ts';
import { DEFAULT_CONFIG } from './default-specs.ts';
import { fieldIn } from './fields.ts';
import { type BuildResult, finish } from './finish.ts';
import { configure, generate } from './generate.ts';
import { stateOf } from './read.ts';
import { components, resources } from './resources.ts';
import { type Accumulated, at, type BuildCache, type Context, guarded, type Outermost, type State, isPartial } from './state.ts';
import type { BuildFiles } from './files.ts';
import { transform } from './transform.ts';
import { varsIn, withVars } from './vars.ts';

/** Builds the kustomization of a folder, as `kustomize build` does. Never throws; what it refuses is among the problems. */
export function build(folder: string, files: BuildFiles, cache: BuildCache = new Map(), outermost?: Outermost): BuildResult {
  const requested = buildMetadataOf(folder, files);
  const notesTransformers = requested.has('transformerAnnotations');
  const context: Context = {
    files,
    // Only the outermost kustomization knows whether transformers are noted.
    cache: notesTransformers ? new Map() : cache,
    chain: [],
    accumulate,
    enter,
    budget: { left: MAX_KUSTOMIZATIONS },
    notesTransformers,
  };
  const accumulated = accumulate(folder, outermost ? { ...context, outermost } : context);
  return withMetadataAnnotations(finish(accumulated), folder, requested);
}

/** Kustomizations that include each other have more paths than a build can follow. */
const MAX_KUSTOMIZATIONS = 5_000;

/** What the kustomization of a folder makes, from the cache where nothing it reads has changed. */
function accumulate(folder: string, context: Context): Accumulated {
  const isChanged = context.outermost?.folder === folder;
  const cached = isChanged ? undefined : context.cache.get(folder);
  if (cached) return cached;
  context.budget.left -= 1;
  if (context.budget.left < 0)
    return { objects: [], config: DEFAULT_CONFIG, vars: [], problems: [], reads: new Set(), matched: new Set(), root: undefined };
  const state = stateOf(folder, context, [], DEFAULT_CONFIG, []);
  if ('accumulated' in state) return state.accumulated;
  const result = run(state);
  // A circle is seen from inside only where the build began outside of it.
  if (!isChanged && !result.problems.some(({ code }) => code === 'kustomization-cycle')) context.cache.set(folder, result);
  return result;
}

/** Takes the steps of one kustomization, in the order of kustomize (`KustTarget.accumulateTarget`). */
function run(state: State): Accumulated {
  const { root, place } = state;
  resources(state, 'resources');
  resources(state, 'bases');
  configure(state);
  generate(state);
  components(state);
  transform(state);
  guarded(state, place, () => {
    const { objects, vars } = withVars(state.objects, state.vars, varsIn(fieldIn(root, 'vars'), at(state, 'vars'), fieldIn));
    [state.objects, state.vars] = [objects, vars];
  });
  const { objects, config, vars, reads, matched } = state;
  const problems = isPartial(state)
    ? state.problems.filter((one) => state.adopted.has(one) || !ABSENCE.includes(one.code))
    : state.problems;
  return { objects, config, vars, problems, reads, matched, root: place };
}

/** What may be a mistake only where everything is seen. */
const ABSENCE: readonly BuildCode[] = ['kustomization-patch', 'kustomization-target'];

/** Lets a Component work on what the kustomization around it has gathered. */
function enter(folder: string, context: Context, { objects, config, vars }: State): Accumulated {
  const state = stateOf(folder, context, objects, config, vars);
  return 'accumulated' in state ? state.accumulated : run(state);
}
