import { expect, test } from 'vitest';
import { allUniverses, cluster, clusterName, problemsIn, withFile } from '../../server/workspace/snapshot.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { FOLDER, shortly, snapshotOf } from './making.ts';

const pod = (name: string, namespace: string = 'shop'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`}}\n`;
const flux = (name: string, path: string, more: string = ''): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {path: ${path}, prune: true${more}}\n`;
const application = (name: string, source: string, destination: string = 'name: in-cluster'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec: {source: {${source}}, destination: {${destination}}}\n`;

/** What each cluster of a workspace holds, by its name. */
function clustersOf(source: string): Readonly<Record<string, readonly string[]>> {
  const snapshot = snapshotOf(source);
  return Object.fromEntries(
    allUniverses(snapshot).map((id) => [
      clusterName(snapshot, id),
      shortly(cluster(snapshot, id)).filter((line) => !line.startsWith('Namespace')),
    ]),
  );
}

test('Flux generates a kustomization for a folder without one: all files in it and below, folders with a kustomization as they build', () => {
  expect(
    clustersOf(
      `# file: clusters/apps.yaml\n${flux('apps', './apps', ', targetNamespace: prod')}# file: apps/a.yaml\n${pod('a')}# file: apps/deep/b.yaml\n${pod('b')}# file: apps/built/kustomization.yaml\nnamePrefix: x-\nresources: [c.yaml]\n# file: apps/built/c.yaml\n${pod('c')}# file: other/d.yaml\n${pod('d')}`,
    ),
  ).toEqual({
    apps: ['Pod prod/a {}', 'Pod prod/x-c {}', 'Pod prod/b {}'],
    './': ['Pod shop/d {}'],
  });
});

test('Argo CD applies the files of a folder, those below only with recurse, and gives them its namespace', () => {
  const files = `# file: apps/a.yaml\n${pod('a', '')}# file: apps/deep/b.json\n{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}}\n# file: apps/deep/c.yaml\n${pod('c')}`;
  const to = 'name: in-cluster, namespace: web';
  expect(clustersOf(`# file: app.yaml\n${application('apps', 'path: apps', to)}${files}`)).toEqual({
    apps: ['Pod web/a {}'],
    './': ['Pod default/b {}', 'Pod shop/c {}'],
  });
  expect(clustersOf(`# file: app.yaml\n${application('apps', 'path: apps, directory: {recurse: true}', to)}${files}`)).toEqual({
    apps: ['Pod web/a {}', 'Pod web/b {}', 'Pod shop/c {}'],
  });
  expect(
    clustersOf(`# file: app.yaml\n${application('apps', "path: apps, directory: {recurse: true, exclude: 'deep/*.json'}", to)}${files}`),
  ).toEqual({
    apps: ['Pod web/a {}', 'Pod shop/c {}'],
    './': ['Pod default/b {}'],
  });
});

test('a file that comes into such a folder belongs to the cluster', () => {
  const before = snapshotOf(`# file: clusters/apps.yaml\n${flux('apps', './apps')}# file: apps/a.yaml\n${pod('a')}`);
  expect(shortly(cluster(before, `deployed ${FOLDER}/apps`))).toHaveLength(2);
  const after = withFile(before, `${FOLDER}/apps/b.yaml`, sourceFile(pod('b')));
  expect(shortly(cluster(after, `deployed ${FOLDER}/apps`))).toContain('Pod shop/b {}');
});

test('a deployer of the root of another repository takes in nothing', () => {
  expect(clustersOf(`# file: flux.yaml\n${flux('other', './')}# file: apps/a.yaml\n${pod('a')}`)).toEqual({ './': ['Pod shop/a {}'] });
});

test('an ApplicationSet stands for the Applications of its literal generators', () => {
  const set = (generators: string, path: string, go: string = ''): string =>
    `# file: set.yaml\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n  generators:\n${generators}  template:\n    metadata: {name: 'app-${path}'}\n    spec:\n      source: {path: '${path}'}\n      destination: {name: in-cluster, namespace: '${go === '' ? '{{path.basename}}' : go}'}\n`;
  const apps = ['one', 'two', 'old'].map((name) => `# file: apps/${name}/pod.yaml\n${pod(name, '')}`).join('');
  const git = '  - git:\n      directories:\n      - path: apps/*\n      - {path: apps/old, exclude: true}\n';
  const both = { 'apps/one': ['Pod one/one {}', 'Pod two/two {}'], './': ['Pod default/old {}'] };
  expect(clustersOf(`${set(git, '{{path}}')}${apps}`)).toEqual(both);
  expect(clustersOf(`${set(git, '{{.path.path}}', '{{ .path.basename }}')}${apps}`)).toEqual(both);
  const list = '  - list:\n      elements:\n      - {app: one}\n      - {app: two}\n';
  expect(clustersOf(`${set(list, 'apps/{{app}}', '{{app}}')}${apps}`)).toEqual(both);
  const clusters = '  - clusters: {}\n';
  expect(Object.keys(clustersOf(`${set(clusters, '{{path}}')}${apps}`))).toEqual(['./']);
  const matrix = '  - matrix:\n      generators:\n      - list: {elements: [{env: x}]}\n      - git: {directories: [{path: apps/one}]}\n';
  expect(clustersOf(`${set(matrix, '{{path}}', '{{env}}')}${apps}`)['apps/one']).toEqual(['Pod x/one {}']);
});

test('a Helm chart in the folder leaves the cluster known in part', () => {
  const snapshot = snapshotOf(
    `# file: app.yaml\n${application('apps', 'path: apps')}# file: apps/Chart.yaml\n# expect: a/b -> c/d TCP/1 allow\nname: x\n# file: apps/templates/a.yaml\n${pod('a')}`,
  );
  expect(problemsIn(snapshot, `${FOLDER}/app.yaml`).map(({ problem }) => problem.message)).toEqual([
    "The Helm chart in 'apps' is not rendered, so its objects are unknown. Findings and verdicts take into account that they may exist.",
  ]);
});

test('Flux reads files outside of the folder of a kustomization, as it builds without load restrictions; kustomize and Argo CD refuse them', () => {
  const files = `# file: apps/a/kustomization.yaml\nresources: [../shared/b.yaml]\n# file: apps/shared/b.yaml\n${pod('b')}`;
  const deployed = {
    flux: `# file: deploy.yaml\n${flux('a', './apps/a')}`,
    argo: `# file: deploy.yaml\n${application('a', 'path: apps/a')}`,
    none: '',
  };
  const refused = Object.fromEntries(
    Object.entries(deployed).map(([by, text]) => [by, problemsIn(snapshotOf(text + files), `${FOLDER}/apps/a/kustomization.yaml`).length]),
  );
  expect(refused).toEqual({ flux: 0, argo: 1, none: 1 });
  expect(clustersOf(deployed.flux + files)).toEqual({ 'apps/a': ['Pod shop/b {}'] });
});
