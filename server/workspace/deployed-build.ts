import type { Origin } from '../syntax/tree.ts';
import type { BuildPlan } from './clusters.ts';
import { adapted, defaultNamespaceOf, substitutionOf, type Deployer } from './deployer.ts';
import { KUSTOMIZATION_NAMES } from './kustomization.ts';
import { build } from './kustomize/build.ts';
import type { BuildFiles } from './kustomize/files.ts';
import type { BuildResult } from './kustomize/finish.ts';
import { isClusterScoped } from './kustomize/ids.ts';
import { withMetadata, withRoot, type BuildObject } from './kustomize/objects.ts';
import { kustomizationUriIn, type BuildCache } from './kustomize/state.ts';
import { listNode, mapNode, originAt, stringNode } from './kustomize/values.ts';
import { pathMatcher } from './glob.ts';
import { substituted } from './substitution.ts';
import { isInside, parentOf, pathBelow } from './uri.ts';

/**
 * The build of a kustomization, with what the object that deploys it adds. A deployer may name a folder without a kustomization: Flux
 * generates one, and Argo CD applies its files.
 */
export function deployedBuild({ folder, deployer }: BuildPlan, files: BuildFiles, cache: BuildCache): BuildResult {
  if (!deployer) return build(folder, files, cache);
  const result = appliedBuild(folder, deployer, files, cache);
  const substitution = substitutionOf(deployer);
  const namespace = defaultNamespaceOf(deployer);
  const reads = new Set([...result.reads, deployer.place.written.uri]);
  if (!substitution && !namespace) return { ...result, reads };
  const objects = result.objects.map((object): BuildObject => {
    const filled = substitution ? withRoot(object, substituted(object.root, substitution)) : object;
    if (!namespace || filled.id.namespace !== '' || isClusterWide(filled.id)) return filled;
    return withRoot(filled, withMetadata(filled.root, 'namespace', namespace.text, namespace.place));
  });
  return { ...result, objects, reads };
}

/** Has the kind no namespace, as far as policies are concerned? */
function isClusterWide(id: BuildObject['id']): boolean {
  return (
    isClusterScoped(id) ||
    /^(?:Cluster|Global|Cilium.*wide|AdminNetworkPolicy$|BaselineAdminNetworkPolicy$|Tier$|CustomResourceDefinition$)/.test(id.kind)
  );
}

function appliedBuild(folder: string, deployer: Deployer, files: BuildFiles, cache: BuildCache): BuildResult {
  const adapt = { folder, adapt: (root: Parameters<typeof adapted>[0]) => adapted(root, deployer) };
  if (kustomizationUriIn(folder, files) !== undefined) return build(folder, files, cache, adapt);
  const place = pathPlaceOf(deployer);
  if (deployer.tool === 'Argo CD' && files.what(`${folder}/Chart.yaml`) === 'file') return chart(folder, deployer, place);
  const paths = plainPaths(folder, deployer, files);
  const resources = listNode(paths.map((path) => stringNode(path, place)));
  const generated = { root: mapNode([['resources', resources]]), place: deployer.place };
  const { problems, ...result } = build(folder, files, cache, { ...adapt, generated });
  const left = problems.filter(({ code }) => !(deployer.tool === 'Flux' ? ['kustomization-resource'] : OF_KUSTOMIZE).includes(code));
  return { ...result, problems: left, reads: new Set([...result.reads, `${folder}/Chart.yaml`]), below: folder };
}

/** What kustomize refuses and Argo CD, which applies the files as they are, does not. */
const OF_KUSTOMIZE: readonly string[] = ['kustomization-resource', 'kustomization-duplicate'];

/** Where the deployer names the folder. */
function pathPlaceOf({ tool, root, place }: Deployer): Origin {
  return originAt(root, place, tool === 'Flux' ? ['spec', 'path'] : ['spec', 'source', 'path']);
}

function chart(folder: string, { path }: Deployer, place: Origin): BuildResult {
  const message = `The Helm chart in '${path}' is not rendered, so its objects are unknown. Findings and verdicts take into account that they may exist.`;
  return {
    objects: [],
    problems: [{ code: 'kustomization-unknown', severity: 'unknown', place, message }],
    reads: new Set([`${folder}/Chart.yaml`]),
    matched: new Set(),
  };
}

/** The paths that a generated kustomization lists: files with manifests, and for Flux the folders below that have a kustomization. */
function plainPaths(folder: string, { tool, plain }: Deployer, files: BuildFiles): readonly string[] {
  const below = files.below?.(folder) ?? [];
  const isFile = KUSTOMIZATION_NAMES.map((name) => `/${name}`);
  const folders = tool === 'Flux' ? below.filter((uri) => isFile.some((name) => uri.endsWith(name))).map(parentOf) : [];
  const outermost = folders.filter((one) => !folders.some((other) => other !== one && isInside(one, other)));
  const [include, exclude] = [plain.include, plain.exclude].map((glob) => (glob === '' ? undefined : pathMatcher(glob)));
  const single = below.filter((uri) => {
    const path = pathBelow(uri, folder) ?? '';
    if (!plain.endings.test(path) || (!plain.recurse && path.includes('/'))) return false;
    if (isFile.some((name) => uri.endsWith(name)) || outermost.some((one) => isInside(uri, one))) return false;
    return (include?.(path) ?? true) && exclude?.(path) !== true;
  });
  return [...outermost, ...single].map((uri) => pathBelow(uri, folder) ?? '').toSorted();
}
