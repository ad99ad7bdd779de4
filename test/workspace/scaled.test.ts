import { expect, test } from 'vitest';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { clusterFor, emptySnapshot, withFile } from '../../server/workspace/snapshot.ts';
import { FOLDER } from './making.ts';

const set = (replicas: string): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec: {${replicas}template: {metadata: {labels: {app: db}}}}\n`;
const scaler = (namespace: string): string =>
  `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: x, namespace: ${namespace}}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}}\n`;

test.each([
  ['one replica', set(''), true],
  ['several replicas', set('replicas: 3, '), false],
  ['an autoscaler', set('') + scaler('shop'), false],
  ['an autoscaler and several replicas', set('replicas: 3, ') + scaler('shop'), false],
  ['an autoscaler of another namespace', set('') + scaler('other'), true],
])('the number of a replica is known where there is one: %s', (_, text, isKnown) => {
  const uri = `${FOLDER}/a.yaml`;
  const { workloads } = clusterFor(withFile(emptySnapshot({ folders: [FOLDER], clusters: {} }), uri, sourceFile(text)), uri);
  const [workload] = workloads.map(({ value }) => value);
  expect(workload?.labels['apps.kubernetes.io/pod-index']).toBe(isKnown ? '0' : undefined);
  expect(workload?.unknownLabels?.includes('apps.kubernetes.io/pod-index')).toBe(text.includes('namespace: shop}\nspec: {scaleTargetRef'));
});
