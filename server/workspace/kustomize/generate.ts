import { manifestsOf } from '../../syntax/source-file.ts';
import { get, itemsOf, type MapNode, type Origin } from '../../syntax/tree.ts';
import { mergedConfig, readTransformerConfig, readCrds } from './config.ts';
import { fieldIn } from './fields.ts';
import { absorbed, generated, serviceAccountFor } from './generators.ts';
import { plugins } from './plugins.ts';
import { at, attempt, stateFileAt, paths, type State, unknownPart } from './state.ts';
import { textOfScalar, withField } from './values.ts';

/** Reads `configurations` and `crds`. */
export function configure(state: State): void {
  for (const [field, read] of [
    ['configurations', readTransformerConfig],
    ['crds', readCrds],
  ] as const) {
    for (const [path, place] of paths(state, field)) {
      attempt(state, place, () => {
        const root = manifestsOf(stateFileAt(state, path, place))[0]?.manifest.root;
        state.config = mergedConfig(state.config, read(root));
      });
    }
  }
}

/** Runs the generators. */
export function generate(state: State): void {
  const globals = fieldIn(state.root, 'generatorOptions');
  const read = (path: string, place: Origin): string => {
    const file = stateFileAt(state, path, place);
    return file.pieces.map(({ text }) => text).join('');
  };
  for (const [field, kind] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    for (const [i, item] of itemsOf(fieldIn(state.root, field)).entries()) {
      const place = at(state, field, i);
      attempt(state, place, () => (state.objects = absorbed(state.objects, generated(kind, item, place, globals, fieldIn, read))));
    }
  }
  for (const field of ['helmCharts', 'helmChartInflationGenerator']) {
    for (const [i, item] of itemsOf(fieldIn(state.root, field)).entries()) {
      const name = textOfScalar(fieldIn(item, 'name')) ?? textOfScalar(fieldIn(item, 'chartName')) ?? '';
      unknownPart(
        state,
        at(state, field, i),
        `The Helm chart '${name}' is not rendered, so its objects are not known. Findings and verdicts take into account that they may exist.`,
      );
    }
  }
  plugins(state, 'generators', (config, place) => {
    switch (textOfScalar(get(config, 'kind'))) {
      case 'ConfigMapGenerator':
      case 'SecretGenerator': {
        const kind = textOfScalar(get(config, 'kind')) === 'SecretGenerator' ? 'Secret' : 'ConfigMap';
        const named = withMetadataFields(config);
        state.objects = absorbed(
          state.objects,
          generated(kind, named, place, undefined, fieldIn, read, textOfScalar(get(get(config, 'metadata'), 'name'))),
        );
        return true;
      }
      case 'IAMPolicyGenerator':
        state.objects = absorbed(state.objects, serviceAccountFor(config, place));
        return true;
      default:
        return false;
    }
  });
}

/** The configuration of a generator has its name in `metadata`. */
function withMetadataFields(config: MapNode): MapNode {
  const metadata = get(config, 'metadata');
  return ['name', 'namespace'].reduce((map, name) => {
    const value = get(map, name) ?? get(metadata, name);
    return value ? withField(map, name, value) : map;
  }, config);
}
