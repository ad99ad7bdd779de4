import { manifestsOf, type SourceFile } from '../syntax/source-file.ts';
import { asMap, get, itemsOf, pairsOf, type MapNode, type Node, type Origin } from '../syntax/tree.ts';
import { directoryParameters, filledTemplate, generatedBy, isOpenTemplate, type DirectoryGlob } from './application-sets.ts';
import { templateTree } from './kustomize/written.ts';
import { listNode, mapNode, originAt, placed, stringNode, stringsIn, textOfScalar, withField } from './kustomize/values.ts';

/** An object that applies a folder of the workspace to a cluster: a Flux Kustomization, or an Argo CD Application or ApplicationSet. */
export interface Deployer {
  readonly tool: 'Flux' | 'Argo CD';
  readonly name: string;
  /** The folder as it is written, from the root of the repository. */
  readonly path: string;
  /** Equal for those that deploy to one cluster; `''` for the cluster that the object itself is in. */
  readonly destination: string;
  readonly root: MapNode;
  readonly place: Origin;
  /** For an ApplicationSet: it stands for one Application for each folder that these globs take. */
  readonly directories?: readonly DirectoryGlob[];
  /** May the path be a folder without a kustomization? Then which files of it are applied. */
  readonly plain: PlainFolder;
}

/** Which files of a folder without a kustomization a deployer applies. */
export interface PlainFolder {
  readonly recurse: boolean;
  readonly endings: RegExp;
  /** Globs over paths below the folder; `''` for all and none. */
  readonly include: string;
  readonly exclude: string;
}

/** May the text hold such an object? A cheap look. */
export function mayDeploy(text: string): boolean {
  return (
    /kustomize\.toolkit\.fluxcd\.io\/|argoproj\.io\//.test(text) &&
    /\bkind["']?\s*:\s*["']?(?:Kustomization|Application|ApplicationSet)\b/.test(text)
  );
}

/** The deployers that stand in a file. */
export function deployersIn(uri: string, file: SourceFile): readonly Deployer[] {
  return manifestsOf(file).flatMap(({ manifest }) => {
    const written = templateTree(manifest);
    const root = written && asMap(written);
    if (!root || !mayDeploy(manifest.piece.text)) return [];
    const place: Origin = { written: { uri, piece: manifest.piece, index: 0 }, path: [] };
    return deployersOf(root, place);
  });
}

function deployersOf(root: MapNode, place: Origin): readonly Deployer[] {
  const [apiVersion = '', kind] = [textOfScalar(get(root, 'apiVersion')), textOfScalar(get(root, 'kind'))];
  const spec = get(root, 'spec');
  const name = textOfScalar(get(get(root, 'metadata'), 'name')) ?? '';
  if (apiVersion.startsWith('kustomize.toolkit.fluxcd.io/') && kind === 'Kustomization') {
    const remote = get(get(spec, 'kubeConfig'), 'secretRef') ?? get(get(spec, 'kubeConfig'), 'configMapRef');
    const path = textOfScalar(get(spec, 'path')) ?? './';
    return [{ tool: 'Flux', name, path, destination: textOfScalar(get(remote, 'name')) ?? '', root, place, plain: FLUX_PLAIN }];
  }
  if (!apiVersion.startsWith('argoproj.io/')) return [];
  if (kind === 'ApplicationSet') return ofApplicationSet(spec, place);
  return kind === 'Application' ? ofApplication(root, place) : [];
}

/** kustomize-controller generates a kustomization of all YAML files in the folder and below it. */
const FLUX_PLAIN: PlainFolder = { recurse: true, endings: /\.ya?ml$/, include: '', exclude: '' };

/** The Applications that the generators of an ApplicationSet make of its template, as far as their values are literal. */
function ofApplicationSet(spec: Node | undefined, place: Origin): readonly Deployer[] {
  const template = asMap(get(spec, 'template'));
  if (!template) return [];
  const at: Origin = { ...place, path: ['spec', 'template'] };
  return generatedBy(get(spec, 'generators')).flatMap(({ parameters, directories }) =>
    ofApplication(filledTemplate(template, parameters), at).flatMap((one): readonly Deployer[] => {
      if (directories) return [{ ...one, directories }];
      return isOpenTemplate(one.path) || isOpenTemplate(one.destination) ? [] : [one];
    }),
  );
}

/** The Application for one folder of those that an ApplicationSet takes. */
export function deployerAt(deployer: Deployer, folder: string): readonly Deployer[] {
  const root = filledTemplate(deployer.root, directoryParameters(folder));
  return ofApplication(root, deployer.place).filter(({ path, destination }) => !isOpenTemplate(path) && !isOpenTemplate(destination));
}

function ofApplication(root: MapNode, place: Origin): readonly Deployer[] {
  const spec = get(root, 'spec');
  const name = textOfScalar(get(get(root, 'metadata'), 'name')) ?? '';
  const destination = get(spec, 'destination');
  const cluster = textOfScalar(get(destination, 'name')) ?? textOfScalar(get(destination, 'server')) ?? '';
  const own = ['in-cluster', 'https://kubernetes.default.svc'].includes(cluster) ? '' : cluster;
  const sources = [get(spec, 'source'), ...itemsOf(get(spec, 'sources'))];
  return sources.flatMap((source) => {
    const path = textOfScalar(get(source, 'path'));
    if (path === undefined || get(source, 'chart')) return [];
    return [{ tool: 'Argo CD' as const, name, path, destination: own, root, place, plain: plainOf(get(source, 'directory')) }];
  });
}

/** `source.directory`: without `recurse` only the files of the folder itself. */
function plainOf(directory: Node | undefined): PlainFolder {
  const text = (name: string): string => textOfScalar(get(directory, name)) ?? '';
  return { recurse: text('recurse') === 'true', endings: /\.(?:ya?ml|json)$/, include: text('include'), exclude: text('exclude') };
}

/** The kustomization as the deployer has it built: with what it adds to it (Flux `spec.patches` …, Argo CD `source.kustomize`). */
export function adapted(kustomization: MapNode, deployer: Deployer): MapNode {
  return deployer.tool === 'Flux' ? adaptedByFlux(kustomization, deployer) : adaptedByArgo(kustomization, deployer);
}

function adaptedByFlux(kustomization: MapNode, { root, place }: Deployer): MapNode {
  const spec = get(root, 'spec');
  const at = (name: string): Node | undefined => {
    const node = get(spec, name);
    return node && placed(node, originAt(root, place, ['spec', name]));
  };
  let result = kustomization;
  const namespace = at('targetNamespace');
  if (namespace) result = withField(result, 'namespace', namespace);
  for (const name of ['namePrefix', 'nameSuffix']) result = withField(result, name, at(name) ?? get(result, name));
  for (const name of ['patches', 'patchesStrategicMerge', 'patchesJson6902', 'images', 'components'])
    result = appended(result, name, at(name));
  const common = get(spec, 'commonMetadata');
  const labels = get(common, 'labels');
  if (labels)
    result = appended(
      result,
      'labels',
      listNode([mapNode([['pairs', placed(labels, originAt(root, place, ['spec', 'commonMetadata', 'labels']))]])]),
    );
  return result;
}

function adaptedByArgo(kustomization: MapNode, { root, place, path }: Deployer): MapNode {
  const spec = get(root, 'spec');
  const list = itemsOf(get(spec, 'sources'));
  const index = list.findIndex((source) => textOfScalar(get(source, 'path')) === path);
  const base = index === -1 ? ['spec', 'source', 'kustomize'] : ['spec', 'sources', index, 'kustomize'];
  const options = get(index === -1 ? get(spec, 'source') : list[index], 'kustomize');
  if (!options) return kustomization;
  const at = (name: string): Node | undefined => {
    const node = get(options, name);
    return node && placed(node, originAt(root, place, [...base, name]));
  };
  let result = kustomization;
  for (const name of ['namePrefix', 'nameSuffix', 'namespace']) result = withField(result, name, at(name) ?? get(result, name));
  for (const name of ['patches', 'components', 'replicas']) result = appended(result, name, at(name));
  const labels = at('commonLabels');
  const isSet = (name: string): boolean => textOfScalar(get(options, name)) === 'true';
  if (labels && isSet('labelWithoutSelector'))
    result = appended(
      result,
      'labels',
      listNode([mapNode([['pairs', labels], ...(isSet('labelIncludeTemplates') ? [['includeTemplates', plain('true')] as const] : [])])]),
    );
  else if (labels) result = withField(result, 'commonLabels', united(get(result, 'commonLabels'), labels));
  const annotations = at('commonAnnotations');
  return annotations ? withField(result, 'commonAnnotations', united(get(result, 'commonAnnotations'), annotations)) : result;
}

function plain(text: string): Node {
  return { ...stringNode(text), style: 'plain', value: { type: 'bool', value: text === 'true' } };
}

function appended(root: MapNode, name: string, more: Node | undefined): MapNode {
  if (!more) return root;
  const origin = more.origin;
  const items = itemsOf(more).map((item, i) => placed(item, origin && { ...origin, path: [...origin.path, i] }));
  return withField(root, name, listNode([...itemsOf(get(root, name)), ...items]));
}

function united(old: Node | undefined, fresh: Node): Node {
  const [a, b] = [asMap(old), asMap(fresh)];
  if (!a || !b) return fresh;
  return pairsOf(b).reduce((map, { name, value }) => (name === undefined ? map : withField(map, name, value)), a);
}

/** The values that Flux puts in the place of `${NAME}`; `undefined` where it substitutes nothing. `open`: further ones are in the cluster. */
export interface Substitution {
  readonly values: ReadonlyMap<string, string>;
  readonly open: boolean;
}

/** What `spec.postBuild` says. */
export function substitutionOf({ tool, root }: Deployer): Substitution | undefined {
  const postBuild = tool === 'Flux' ? get(get(root, 'spec'), 'postBuild') : undefined;
  if (!postBuild) return undefined;
  return { values: stringsIn(get(postBuild, 'substitute')), open: itemsOf(get(postBuild, 'substituteFrom')).length > 0 };
}

/** The namespace that Argo CD gives to namespaced objects without one. */
export function defaultNamespaceOf({ tool, root, place }: Deployer): { readonly text: string; readonly place: Origin } | undefined {
  const text = tool === 'Argo CD' ? textOfScalar(get(get(get(root, 'spec'), 'destination'), 'namespace')) : undefined;
  return text === undefined || text === ''
    ? undefined
    : { text, place: { ...place, path: [...place.path, 'spec', 'destination', 'namespace'] } };
}
