import { expect, test } from 'vitest';
import { connect } from './server.ts';

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: i}]}\n`;

test('the clusters that have workloads, each with a file that stands for it', async () => {
  const files = new Map([
    ['file:///w/base/kustomization.yaml', 'resources: [a.yaml]\n'],
    ['file:///w/base/a.yaml', pod('a')],
    ['file:///w/prod/kustomization.yaml', 'namespace: prod\nresources: [../base]\n'],
    ['file:///w/test/kustomization.yaml', 'namespace: test\nresources: [../base]\n'],
    ['file:///w/empty/kustomization.yaml', 'resources: []\n'],
    ['file:///w/loose.yaml', pod('loose')],
  ]);
  const { rpc } = await connect({ files });
  // Asked at once: the workspace has not been read yet.
  const clusters = await rpc.sendRequest<{ title: string; detail: string; uri: string }[]>('netpol/clusters', {});
  expect(clusters.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
    'w: 1 workload, no policies',
    'w/prod: 1 workload, no policies',
    'w/test: 1 workload, no policies',
  ]);
  const ends = await Promise.all(clusters.map(({ uri }) => rpc.sendRequest<{ name: string }[]>('netpol/ends', { uri })));
  expect(
    ends
      .flat()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['default/loose[Pod]', 'prod/a[Pod]', 'test/a[Pod]']);
});

test('none where nothing is open', async () => {
  const { rpc } = await connect({ params: { workspaceFolders: null } });
  expect(await rpc.sendRequest('netpol/clusters', {})).toEqual([]);
});
