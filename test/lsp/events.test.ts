import { expect, test } from 'vitest';
import type { Host } from '../../server/host/host.ts';
import { connect, hostOf } from './server.ts';

const URI = 'file:///w/a.yaml';
const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {podSelector: {}, foo: 1}\n';

test('events about files that are no manifests cost no diagnostics, and those from node_modules no look at the disk', async () => {
  const files = new Map([['file:///w/b.yaml', POLICY.replace('name: n', 'name: b')]]);
  const looked: string[] = [];
  const disk = hostOf(files);
  const host: Host = {
    read: (uri) => disk.read(uri),
    repository: (folder) => disk.repository(folder),
    ignores: (uri) => disk.ignores(uri),
    list(folder, places) {
      looked.push(...(places ?? []));
      return disk.list(folder, places);
    },
  };
  const client = await connect({ host });
  client.open(URI, POLICY);
  await client.until(URI, (all) => all.length > 0);
  await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: '' })).toHaveLength(2);
  await client.rpc.sendRequest('netpol/clusters', {});
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = client.published.length;
  looked.length = 0;
  const flood = Array.from({ length: 20_000 }, (_, i) => ({ uri: `file:///w/node_modules/p${i}/index.js`, type: 1 }));
  await client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [...flood, { uri: 'file:///w/src/x.ts', type: 1 }] });
  await client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/b.yaml', type: 2 }] });
  await expect.poll(() => looked).toEqual(['file:///w/src/x.ts', 'file:///w/b.yaml']);
  files.delete('file:///w/b.yaml');
  await client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/b.yaml', type: 3 }] });
  await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: '' })).toHaveLength(1);
  expect(client.published.length - before).toBeLessThanOrEqual(4);
});

test('a server that nobody talks to says nothing', async () => {
  const kustomization = 'resources: [b.yaml, gone.yaml, odd.txt, ../outside]\n';
  const files = new Map([
    ['file:///w/b.yaml', POLICY.replace('name: n', 'name: b')],
    ['file:///w/kustomization.yaml', kustomization],
    ['file:///w/odd.txt', 'no manifest'],
  ]);
  for (const initializationOptions of [{}, { diagnostics: 'pull' }]) {
    const client = await connect({ host: hostOf(files), initializationOptions });
    client.open(URI, POLICY);
    client.open('file:///w/kustomization.yaml', kustomization);
    await client.rpc.sendRequest('netpol/clusters', {});
    await client.rpc.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ text: `${POLICY}#\n` }],
    });
    // Closed files are looked at once nothing has changed for a moment.
    await new Promise((resolve) => setTimeout(resolve, 1800));
    const said = (): number => client.published.length + client.asked.length + client.told.length;
    const before = said();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(said()).toBe(before);
  }
});
