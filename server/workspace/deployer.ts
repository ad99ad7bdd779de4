import { manifestsOf, type SourceFile } from '../syntax/source-file.ts';
import { asMap, get, itemsOf, pairsOf, type MapNode, type Node, type Origin } from '../syntax/tree.ts';
import { listNode, mapNode, originAt, placed, stringNode, stringsIn, textOfScalar, withField } from './kustomize/values.ts';

/** An object that applies a folder of the workspace to a cluster: a Flux Kustomization or an Argo CD Application. */
export interface Deployer {
  readonly tool: 'Flux' | 'Argo CD';
  readonly name: string;
  /** The folder as it is written, from the root of the repository. */
  readonly path: string;
  /** Equal for those that deploy to one cluster; `''` for the cluster that the object itself is in. */
  readonly destination: string;
  readonly root: MapNode;
  readonly place: Origin;
}

/** May the text hold such an object? A cheap look. */
export function mayDeploy(text: string): boolean {
  return (
    /kustomize\.toolkit\.fluxcd\.io\/|argoproj\.io\//.test(text) && /\bkind["']?\s*:\s*["']?(?:Kustomization|Application)\b/.test(text)
  );
}

/** The deployers that stand in a file. */
export function deployersIn(uri: string, file: SourceFile): readonly Deployer[] {
  return manifestsOf(file).flatMap(({ manifest }) => {
    const root = asMap(manifest.root);
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
    return [{ tool: 'Flux', name, path, destination: textOfScalar(get(remote, 'name')) ?? '', root, place }];
  }
  if (!apiVersion.startsWith('argoproj.io/') || kind !== 'Application') return [];
  const destination = get(spec, 'destination');
  const cluster = textOfScalar(get(destination, 'name')) ?? textOfScalar(get(destination, 'server')) ?? '';
  const own = ['in-cluster', 'https://kubernetes.default.svc'].includes(cluster) ? '' : cluster;
  const sources = [get(spec, 'source'), ...itemsOf(get(spec, 'sources'))];
  return sources.flatMap((source) => {
    const path = textOfScalar(get(source, 'path'));
    return path === undefined || get(source, 'chart') ? [] : [{ tool: 'Argo CD' as const, name, path, destination: own, root, place }];
  });
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
  return text === undefined || text === '' ? undefined : { text, place: { ...place, path: ['spec', 'destination', 'namespace'] } };
}
