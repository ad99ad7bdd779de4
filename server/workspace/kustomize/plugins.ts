import { documentsIn } from './documents.ts';
import { get, type MapNode, type Origin } from '../../syntax/tree.ts';
import { BuildError, type BuildObject } from './objects.ts';
import { fileIn } from './patches.ts';
import { resource } from './resources.ts';
import { attempt, paths, type State, unknownPart } from './state.ts';
import { textOfScalar } from './values.ts';

/** The configurations of plugins that a field names, as text, files or folders. `known` says whether it is one of the built-in ones. */
export function plugins(
  state: State,
  field: 'generators' | 'transformers',
  isSupported: (config: MapNode, place: Origin) => boolean,
): void {
  for (const [path, place, node] of paths(state, field)) {
    attempt(state, place, () => {
      const configs: BuildObject[] = [];
      if (path.includes('\n') || /^\s*\{/.test(path))
        configs.push(...documentsIn(state, fileIn(node), place.written.uri).map((one) => ({ ...one, place })));
      else resource(state, path, place, (objects) => configs.push(...objects));
      for (const { root, place: written } of configs) {
        const isBuiltIn = textOfScalar(get(root, 'apiVersion')) === 'builtin' && isSupported(root, written);
        const kind = textOfScalar(get(root, 'kind')) ?? '';
        if (isBuiltIn) continue;
        if (textOfScalar(get(root, 'apiVersion')) === 'builtin' && kind !== 'HelmChartInflationGenerator')
          throw new BuildError(`There is no built-in plugin '${kind}'.`, place);
        unknownPart(state, place, `The plugin '${kind}' is not run, so the objects that it generates are unknown.`);
      }
    });
  }
}
