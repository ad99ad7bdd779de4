import { manifestsOf } from '../../syntax/source-file.ts';
import { asSeq, get, itemsOf, type MapNode, type Node, type Origin, stringOf } from '../../syntax/tree.ts';
import { resolveFrom } from '../uri.ts';
import { mergeAll, patch, patch6902, patchesIn, strategicPatches } from './apply-patches.ts';
import { passed } from './build-metadata.ts';
import { fieldSpecsIn, mergedSpecs } from './config.ts';
import { fieldIn } from './fields.ts';
import { BuildError, type BuildObject } from './objects.ts';
import { fileIn, patchesOf } from './patches.ts';
import { plugins } from './plugins.ts';
import { withReplacement } from './replacements.ts';
import { at, attempt, stringEntriesIn, stateFileAt, paths, type State, step, unknownPart } from './state.ts';
import { type Added, withAffix, withEntries, withImage, withNamespace, withReplicas } from './transformers.ts';
import { below, textOfScalar } from './values.ts';
import { writtenTree } from './written.ts';

/** Runs the transformers, in the order of kustomize. */
export function transform(state: State): void {
  const { root } = state;
  strategicPatches(state);
  if (itemsOf(fieldIn(root, 'patchesStrategicMerge')).length > 0) passed(state, 'PatchStrategicMergeTransformer');
  for (const [i, item] of itemsOf(fieldIn(root, 'patches')).entries()) {
    const place = item.origin ?? at(state, 'patches', i);
    attempt(state, place, () => patch(state, item, place), 'kustomization-patch');
    passed(state, 'PatchTransformer');
  }
  const added = (field: string): Added | undefined => {
    const text = textOfScalar(fieldIn(root, field));
    return text === undefined || text === '' ? undefined : { text, place: fieldIn(root, field)?.origin ?? at(state, field) };
  };
  const [namespace, prefix, suffix] = [added('namespace'), added('namePrefix'), added('nameSuffix')];
  if (namespace) {
    step(state, namespace.place, (objects) => withNamespace(objects, namespace, state.config.namespace));
    passed(state, 'NamespaceTransformer');
  }
  if (prefix) {
    step(state, prefix.place, (objects) => withAffix(objects, 'prefix', prefix, state.config.namePrefix));
    passed(state, 'PrefixTransformer');
  }
  if (suffix) {
    step(state, suffix.place, (objects) => withAffix(objects, 'suffix', suffix, state.config.nameSuffix));
    passed(state, 'SuffixTransformer');
  }
  labels(state);
  const annotations = fieldIn(root, 'commonAnnotations');
  step(state, at(state, 'commonAnnotations'), (objects) =>
    withEntries(objects, stringEntriesIn(annotations, at(state, 'commonAnnotations')), state.config.commonAnnotations),
  );
  if (annotations) passed(state, 'AnnotationsTransformer');
  for (const [i, item] of itemsOf(fieldIn(root, 'patchesJson6902')).entries()) {
    attempt(state, at(state, 'patchesJson6902', i), () => patch6902(state, item, at(state, 'patchesJson6902', i)), 'kustomization-patch');
    passed(state, 'PatchJson6902Transformer');
  }
  for (const [i, item] of itemsOf(fieldIn(root, 'replicas')).entries()) {
    const place = at(state, 'replicas', i);
    const count = { text: textOfScalar(fieldIn(item, 'count')) ?? '0', place: below(place, 'count') ?? place };
    step(state, place, (objects) => withReplicas(objects, textOfScalar(fieldIn(item, 'name')) ?? '', count, state.config.replicas, place));
    passed(state, 'ReplicaCountTransformer');
  }
  for (const field of ['images', 'imageTags'])
    for (const [i, item] of itemsOf(fieldIn(root, field)).entries()) {
      step(state, at(state, field, i), (objects) => withImage(objects, imageOf(item), state.config.images));
      passed(state, 'ImageTagTransformer');
    }
  const replacements = itemsOf(fieldIn(root, 'replacements'));
  for (const [i, item] of replacements.entries())
    attempt(state, at(state, 'replacements', i), () => replacement(state, item, at(state, 'replacements', i)));
  if (replacements.length > 0) passed(state, 'ReplacementTransformer');
  plugins(state, 'transformers', (config, place) => {
    const isKnown = transformer(state, config, place);
    if (isKnown) passed(state, textOfScalar(get(config, 'kind')) ?? '', { root: config, uri: place.written.uri });
    return isKnown;
  });
  for (const [, place] of paths(state, 'validators')) unknownPart(state, place, 'Validators are not run.');
}

function imageOf(item: Node): Parameters<typeof withImage>[1] {
  const text = (name: string): string => textOfScalar(fieldIn(item, name)) ?? '';
  return { name: text('name'), newName: text('newName'), newTag: text('newTag'), tagSuffix: text('tagSuffix'), digest: text('digest') };
}

function labels(state: State): void {
  for (const [i, item] of itemsOf(fieldIn(state.root, 'labels')).entries()) {
    const place = at(state, 'labels', i);
    const isSet = (name: string): boolean => textOfScalar(fieldIn(item, name)) === 'true';
    const own = mergedSpecs(fieldSpecsIn(fieldIn(item, 'fields')), state.config.labels);
    // v5.5 counts claim templates among the templates.
    const templates = isSet('includeTemplates') ? mergedSpecs(own, state.config.templateLabels) : own;
    const asksForClaims = textOfScalar(fieldIn(item, 'includeVolumeClaimTemplates')) ?? String(isSet('includeTemplates'));
    const claims = asksForClaims === 'true' ? mergedSpecs(templates, state.config.volumeClaimTemplateLabels) : templates;
    const specs = isSet('includeSelectors')
      ? mergedSpecs(own, state.config.commonLabels)
      : mergedSpecs(claims, [{ path: 'metadata/labels', create: true }]);
    const pairs = fieldIn(item, 'pairs');
    step(state, place, (objects) => withEntries(objects, stringEntriesIn(pairs, { ...place, path: [...place.path, 'pairs'] }), specs));
    passed(state, 'LabelTransformer');
  }
  const common = fieldIn(state.root, 'commonLabels');
  step(state, at(state, 'commonLabels'), (objects) =>
    withEntries(objects, stringEntriesIn(common, at(state, 'commonLabels')), state.config.commonLabels),
  );
  if (common) passed(state, 'LabelTransformer');
}

function replacement(state: State, item: Node, place: Origin): void {
  const path = textOfScalar(fieldIn(item, 'path'));
  if (path === undefined || path === '') {
    state.objects = withReplacement(state.objects, item, place, fieldIn);
    return;
  }
  if (fieldIn(item, 'source') || fieldIn(item, 'targets')) throw new BuildError(`'path' and 'source' exclude each other.`, place);
  const file = stateFileAt(state, path, { ...place, path: [...place.path, 'path'] });
  const [first] = manifestsOf(file);
  const root = first && writtenTree(first.manifest);
  if (!root) return;
  const uri = resolveFrom(state.folder, path) ?? '';
  const origin: Origin = { written: { uri, piece: first.manifest.piece, index: 0 }, path: [] };
  const list = asSeq(root);
  const all = list ? itemsOf(list).map((one, i) => [one, { ...origin, path: [i] }] as const) : [[root, origin] as const];
  for (const [one, where] of all) state.objects = withReplacement(state.objects, one, where, fieldIn);
}

/** One of the built-in transformers with a configuration of its own. */
function transformer(state: State, config: MapNode, place: Origin): boolean {
  const text = (name: string): string => textOfScalar(fieldIn(config, name)) ?? '';
  const within = (...path: readonly (string | number)[]): Origin => ({ ...place, path: [...place.path, ...path] });
  const specs = fieldSpecsIn(fieldIn(config, 'fieldSpecs'));
  const change = (make: (objects: readonly BuildObject[]) => readonly BuildObject[]): true => {
    state.objects = make(state.objects);
    return true;
  };
  switch (text('kind')) {
    case 'NamespaceTransformer': {
      const namespace = stringOf(get(get(config, 'metadata'), 'namespace')) ?? '';
      const subjects = text('setRoleBindingSubjects');
      const given = {
        text: namespace,
        place: within('metadata', 'namespace'),
        unsetOnly: text('unsetOnly') === 'true',
        ...(subjects === '' ? {} : { subjects }),
      };
      return namespace === '' || change((objects) => withNamespace(objects, given, specs));
    }
    case 'PrefixTransformer':
      return change((objects) => withAffix(objects, 'prefix', { text: text('prefix'), place: within('prefix') }, specs));
    case 'SuffixTransformer':
      return change((objects) => withAffix(objects, 'suffix', { text: text('suffix'), place: within('suffix') }, specs));
    case 'PrefixSuffixTransformer':
      return change((objects) =>
        withAffix(
          withAffix(objects, 'prefix', { text: text('prefix'), place: within('prefix') }, specs),
          'suffix',
          { text: text('suffix'), place: within('suffix') },
          specs,
        ),
      );
    case 'LabelTransformer':
      return change((objects) => withEntries(objects, stringEntriesIn(fieldIn(config, 'labels'), within('labels')), specs));
    case 'AnnotationsTransformer':
      return change((objects) => withEntries(objects, stringEntriesIn(fieldIn(config, 'annotations'), within('annotations')), specs));
    case 'ImageTagTransformer': {
      const image = fieldIn(config, 'imageTag');
      return !image || change((objects) => withImage(objects, imageOf(image), specs));
    }
    case 'ReplicaCountTransformer': {
      const replica = fieldIn(config, 'replica');
      const count = { text: textOfScalar(fieldIn(replica, 'count')) ?? '0', place: within('replica', 'count') };
      return change((objects) => withReplicas(objects, textOfScalar(fieldIn(replica, 'name')) ?? '', count, specs, place));
    }
    case 'ReplacementTransformer': {
      for (const [i, item] of itemsOf(fieldIn(config, 'replacements')).entries()) replacement(state, item, within('replacements', i));
      return true;
    }
    case 'PatchTransformer':
      patch(state, config, place);
      return true;
    case 'PatchJson6902Transformer':
      patch6902(state, config, place, 'jsonOp');
      return true;
    case 'PatchStrategicMergeTransformer': {
      for (const [i, item] of itemsOf(fieldIn(config, 'paths')).entries())
        mergeAll(state, patchesIn(state, textOfScalar(item) ?? '', within('paths', i)));
      const inline = fieldIn(config, 'patches');
      if (inline) mergeAll(state, patchesOf(fileIn(inline), place.written.uri, within('patches')));
      return true;
    }
    case 'HashTransformer':
      return true;
    default:
      return false;
  }
}
