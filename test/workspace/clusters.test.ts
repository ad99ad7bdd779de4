import { expect, test } from 'vitest';
import { allUniverses, cluster, universesOf } from '../../server/workspace/snapshot.ts';
import { FOLDER, shortly, snapshotOf } from './making.ts';

const policy = (name: string, more: string = ''): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\n${more}`;
const pod = (name: string, more: string = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}${more}}\n`;

test('sibling folders that define the same workload or policy are clusters apart, each with the files above', () => {
  const snapshot = snapshotOf(
    `# file: dev/p.yaml\n${policy('deny')}# file: prod/p.yaml\n${policy('deny')}# file: prod/deep/x.yaml\n${pod('x')}# file: top.yaml\n${pod('top')}# file: other/y.yaml\n${pod('y')}`,
  );
  expect(allUniverses(snapshot)).toEqual([`folder ${FOLDER}`, `folder ${FOLDER}/dev`, `folder ${FOLDER}/prod`]);
  expect(shortly(cluster(snapshot, `folder ${FOLDER}/prod`))).toEqual([
    'NetworkPolicy shop/deny',
    'Pod shop/x {"app":"x"}',
    'Pod shop/top {"app":"top"}',
    'Namespace shop',
  ]);
  expect(universesOf(snapshot, `${FOLDER}/top.yaml`)).toEqual(allUniverses(snapshot));
  expect(universesOf(snapshot, `${FOLDER}/other/y.yaml`)).toEqual([`folder ${FOLDER}`]);
});

test('each sub-folder of a folder of tests is a cluster of its own', () => {
  const snapshot = snapshotOf(
    `# file: tests/a.yaml\n${pod('a')}# file: tests/one/deep/b.yaml\n${pod('b')}# file: tests/two/c.yaml\n${pod('c')}# file: d.yaml\n${pod('d')}`,
  );
  expect(allUniverses(snapshot)).toEqual(['', '/tests', '/tests/one', '/tests/two'].map((path) => `folder ${FOLDER}${path}`));
});
