import { manifestsOf } from '../../syntax/source-file.ts';
import { asMap, get, itemsOf, type MapNode } from '../../syntax/tree.ts';
import { pathBetween } from '../uri.ts';
import { fieldIn } from './fields.ts';
import type { BuildResult } from './finish.ts';
import { type BuildObject, type Transformation, withRoot } from './objects.ts';
import { kustomizationUriIn, type State } from './state.ts';
import type { BuildFiles } from './files.ts';
import { mapNode, stringNode, textOfScalar, withField } from './values.ts';

/** What `buildMetadata` of the outermost kustomization asks for. */
export function buildMetadataOf(folder: string, files: BuildFiles): ReadonlySet<string> {
  const uri = kustomizationUriIn(folder, files);
  const file = uri === undefined ? undefined : files.file(uri);
  const root = file && manifestsOf(file)[0]?.manifest.root;
  return new Set(itemsOf(fieldIn(root, 'buildMetadata')).flatMap((item) => textOfScalar(item) ?? []));
}

/** Notes that all objects have passed a transformer, where the build is asked to say so (kustomize `resWrangler.AddTransformerAnnotation`). */
export function passed(state: State, kind: string, config?: { readonly root: MapNode; readonly uri: string }): void {
  if (state.context.notesTransformers !== true) return;
  const text = (name: string): string => textOfScalar(get(get(config?.root, 'metadata'), name)) ?? '';
  const transformation: Transformation = {
    uri: config?.uri ?? state.place.written.uri,
    by: { apiVersion: 'builtin', kind, name: text('name'), namespace: text('namespace') },
  };
  state.objects = state.objects.map((object) => ({ ...object, passed: [...(object.passed ?? []), transformation] }));
}

/** The result with the annotations that `buildMetadata` asks for. */
export function withMetadataAnnotations(result: BuildResult, folder: string, requested: ReadonlySet<string>): BuildResult {
  const isOrigin = requested.has('originAnnotations');
  const isTransformer = requested.has('transformerAnnotations');
  if (!isOrigin && !isTransformer) return result;
  return {
    ...result,
    objects: result.objects.map((object) => {
      const origin = isOrigin ? withAnnotation(object.root, 'config.kubernetes.io/origin', originText(object, folder)) : object.root;
      const text = isTransformer ? transformationsText(object, folder) : '';
      return withRoot(object, text === '' ? origin : withAnnotation(origin, 'alpha.config.kubernetes.io/transformations', text));
    }),
  };
}

function originText({ place, madeBy }: BuildObject, folder: string): string {
  const path = pathBetween(folder, place.written.uri);
  if (!madeBy) return `path: ${path}\n`;
  const name = madeBy.name === undefined ? '' : `  name: ${madeBy.name}\n`;
  return `configuredIn: ${path}\nconfiguredBy:\n  apiVersion: builtin\n  kind: ${madeBy.kind}\n${name}`;
}

function transformationsText({ passed: all = [] }: BuildObject, folder: string): string {
  return all
    .map(({ uri, by }) => {
      const fields = Object.entries(by).flatMap(([name, text]) => (text === '' ? [] : [`    ${name}: ${text}\n`]));
      return `- configuredIn: ${pathBetween(folder, uri)}\n  configuredBy:\n${fields.join('')}`;
    })
    .join('');
}

function withAnnotation(root: MapNode, name: string, text: string): MapNode {
  const metadata = asMap(get(root, 'metadata')) ?? mapNode([]);
  const annotations = asMap(get(metadata, 'annotations')) ?? mapNode([]);
  return withField(root, 'metadata', withField(metadata, 'annotations', withField(annotations, name, stringNode(text))));
}
