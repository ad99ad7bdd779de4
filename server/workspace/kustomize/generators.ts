import { asMap, get, itemsOf, pairsOf, type MapNode, type Node, type Origin } from '../../syntax/tree.ts';
import { titleOfId } from './ids.ts';
import { buildObject, BuildError, withId, withRoot, type BuildObject } from './objects.ts';
import type { FieldReader } from './replacements.ts';
import { below, mapNode, plainNode, stringNode, textOfScalar, withField } from './values.ts';

/** Gives the text of a file that a generator names; throws a BuildError where there is none. */
export type TextReader = (path: string, place: Origin) => string;

/** The ConfigMap or Secret that an item of `configMapGenerator` or `secretGenerator` makes. */
export function generated(
  kind: 'ConfigMap' | 'Secret',
  item: Node,
  place: Origin,
  globals: Node | undefined,
  field: FieldReader,
  read: TextReader,
  plugin?: string,
): BuildObject {
  const text = (name: string): string => textOfScalar(field(item, name)) ?? '';
  if (text('name') === '') throw new BuildError(`A ${kind} needs a name.`, place);
  const options = field(item, 'options');
  const labels = strings('labels', [globals, options], field);
  const annotations = strings('annotations', [globals, options], field);
  const isSet = (name: string): boolean => [globals, options].some((one) => textOfScalar(field(one, name)) === 'true');
  const data = dataOf(item, place, field, read).map(
    ([key, value]) => [key, stringNode(kind === 'Secret' ? base64(value) : value)] as const,
  );
  const metadata: (readonly [string, Node])[] = [['name', stringNode(text('name'), below(place, 'name'))]];
  if (text('namespace') !== '') metadata.push(['namespace', stringNode(text('namespace'), below(place, 'namespace'))]);
  if (labels.length > 0) metadata.push(['labels', mapNode(labels)]);
  if (annotations.length > 0) metadata.push(['annotations', mapNode(annotations)]);
  const root = mapNode([
    ['apiVersion', stringNode('v1')],
    ['kind', stringNode(kind)],
    ['metadata', mapNode(metadata)],
    ...(data.length > 0 ? [['data', mapNode(data)] as const] : []),
    ...(kind === 'Secret' ? [['type', stringNode(text('type') || 'Opaque')] as const] : []),
    ...(isSet('immutable') ? [['immutable', plainNode('true')] as const] : []),
  ]);
  const behavior = text('behavior');
  return {
    ...madeObject(root, place),
    madeBy: { kind: `${kind}Generator`, ...(plugin === undefined ? {} : { name: plugin }) },
    behavior: behavior === 'merge' || behavior === 'replace' ? behavior : 'create',
    ...(isSet('disableNameSuffixHash') ? {} : { hashed: true }),
  };
}

function strings(name: string, sources: readonly (Node | undefined)[], field: FieldReader): readonly (readonly [string, Node])[] {
  const found = new Map<string, Node>();
  for (const source of sources) {
    const map = asMap(field(source, name));
    for (const pair of map ? pairsOf(map) : [])
      if (pair.name !== undefined) found.set(pair.name, stringNode(textOfScalar(pair.value) ?? ''));
  }
  return [...found];
}

function dataOf(item: Node, place: Origin, field: FieldReader, read: TextReader): readonly (readonly [key: string, value: string])[] {
  const list = (name: string): readonly string[] => itemsOf(field(item, name)).flatMap((one) => textOfScalar(one) ?? []);
  const env = textOfScalar(field(item, 'env'));
  const pairs = [
    ...[...list('envs'), ...(env === undefined ? [] : [env])].flatMap((path) => envLines(read(path, place))),
    ...list('literals').map((literal) => literalPair(literal, place)),
    ...list('files').map((source) => filePair(source, place, read)),
  ];
  const seen = new Set<string>();
  for (const [key] of pairs) {
    if (seen.has(key)) throw new BuildError(`The key '${key}' is generated twice.`, place);
    seen.add(key);
  }
  return pairs;
}

function envLines(text: string): readonly (readonly [string, string])[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=');
      return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });
}

function literalPair(literal: string, place: Origin): readonly [string, string] {
  const at = literal.indexOf('=');
  if (at < 1) throw new BuildError(`The literal '${literal}' is not 'key=value'.`, place);
  const value = literal.slice(at + 1);
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return [literal.slice(0, at), quoted && value.length > 1 ? (quoted[2] ?? '') : value];
}

function filePair(source: string, place: Origin, read: TextReader): readonly [string, string] {
  const parts = source.split('=');
  const [key = '', path = ''] = parts.length === 1 ? [source.slice(source.lastIndexOf('/') + 1), source] : parts;
  if (parts.length > 2 || key === '' || path === '') throw new BuildError(`'${source}' is not a path or 'key=path'.`, place);
  return [key, read(path, place)];
}

/** The length of a line of base64. */
const BASE64_LINE = 70;

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const encoded = btoa(binary);
  // kustomize breaks long ones into lines.
  return encoded.length <= BASE64_LINE ? encoded : encoded.replace(/.{1,70}/g, '$&\n');
}

/** The objects with a generated one added, merged into the one of its id, or put in its place. */
export function absorbed(objects: readonly BuildObject[], fresh: BuildObject): readonly BuildObject[] {
  const existing = withId(objects, fresh.id);
  const [old] = existing;
  const behavior = fresh.behavior ?? 'create';
  if (existing.length > 1) throw new BuildError(`Several objects are ${titleOfId(fresh.id)}.`, fresh.place, 'kustomization-duplicate');
  if (!old) {
    if (behavior !== 'create')
      throw new BuildError(`There is no ${titleOfId(fresh.id)} to ${behavior}.`, fresh.place, 'kustomization-target');
    return [...objects, fresh];
  }
  if (behavior === 'create')
    throw new BuildError(
      `${titleOfId(fresh.id)} exists already. Set 'behavior: merge' or 'behavior: replace'.`,
      fresh.place,
      'kustomization-duplicate',
    );
  return objects.map((one) => (one === old ? combined(old, fresh, behavior === 'merge') : one));
}

function combined(old: BuildObject, fresh: BuildObject, withData: boolean): BuildObject {
  const metadata = asMap(get(fresh.root, 'metadata')) ?? mapNode([]);
  let own = withField(metadata, 'name', get(get(old.root, 'metadata'), 'name'));
  own = withField(own, 'namespace', get(get(old.root, 'metadata'), 'namespace'));
  for (const field of ['labels', 'annotations'])
    own = withField(own, field, union(get(get(old.root, 'metadata'), field), get(metadata, field)));
  let root: MapNode = withField(fresh.root, 'metadata', own);
  if (withData)
    for (const field of ['data', 'binaryData']) root = withField(root, field, union(get(old.root, field), get(fresh.root, field)));
  const { hashed: _, ...rest } = old;
  const from = withData ? rest : { ...rest, place: fresh.place, ...(fresh.madeBy ? { madeBy: fresh.madeBy } : {}) };
  return withRoot({ ...from, ...(fresh.hashed === true ? { hashed: true } : {}), behavior: old.behavior ?? 'create' }, root);
}

function union(old: Node | undefined, fresh: Node | undefined): Node | undefined {
  const [a, b] = [asMap(old), asMap(fresh)];
  if (!a) return fresh;
  return b ? pairsOf(b).reduce((map, { name, value }) => (name === undefined ? map : withField(map, name, value)), a) : a;
}

/** The ServiceAccount that an IAMPolicyGenerator makes. */
export function serviceAccountFor(config: Node, place: Origin): BuildObject {
  const text = (group: string, name: string): string => textOfScalar(get(get(config, group), name)) ?? '';
  if (textOfScalar(get(config, 'cloud')) !== 'gke') throw new BuildError(`An IAMPolicyGenerator knows the cloud 'gke' only.`, place);
  const namespace = text('kubernetesService', 'namespace');
  const account = `${text('serviceAccount', 'name')}@${text('serviceAccount', 'projectId')}.iam.gserviceaccount.com`;
  const root = mapNode([
    ['apiVersion', stringNode('v1')],
    ['kind', stringNode('ServiceAccount')],
    [
      'metadata',
      mapNode([
        ['annotations', mapNode([['iam.gke.io/gcp-service-account', stringNode(account)]])],
        ['name', stringNode(text('kubernetesService', 'name'))],
        ...(namespace === '' ? [] : [['namespace', stringNode(namespace)] as const]),
      ]),
    ],
  ]);
  return { ...madeObject(root, place), madeBy: { kind: 'IAMPolicyGenerator' } };
}

/** An object that no manifest holds. */
function madeObject(root: MapNode, place: Origin): BuildObject {
  const { original: _, ...built } = buildObject(root, place);
  return built;
}
