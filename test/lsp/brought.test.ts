import { mkdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeHost } from '../../server/host/node.ts';
import { scratchDisk } from './scratch-disk.ts';
import { connect, type Client } from './server.ts';

/* What kustomizations name is read, wherever kustomize would read it, and nothing else is. */

const disk = scratchDisk();

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;

async function start(folder: string): Promise<Client> {
  return connect({ host: nodeHost, params: { workspaceFolders: [{ uri: disk.uri(folder), name: folder }] } });
}

async function workloads({ rpc }: Client, name: string): Promise<string> {
  const ends = await rpc.sendRequest<{ name: string }[]>('netpol/ends', { uri: disk.uri(name) });
  return ends.map((end) => end.name).join(' ');
}

function tell({ rpc }: Client, name: string, type: number): void {
  void rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: disk.uri(name), type }] });
}

test('a base beside the folder, in the same repository', async () => {
  mkdirSync(disk.path('repo/.git'), { recursive: true });
  disk.write('repo/base/kustomization.yaml', 'resources: [a.yaml]\n');
  disk.write('repo/base/a.yaml', pod('a'));
  disk.write('repo/prod/kustomization.yaml', 'namespace: prod\nresources: [../base]\n');
  const client = await start('repo/prod');
  await expect.poll(() => workloads(client, 'repo/prod/kustomization.yaml')).toBe('prod/a[Pod]');
});

test('not outside of the repository, nor outside of the folder where there is none', async () => {
  mkdirSync(disk.path('repo/.git'), { recursive: true });
  for (const folder of ['repo/prod', 'plain/prod']) {
    disk.write(`${folder}/kustomization.yaml`, 'namespace: prod\nresources: [../../secret, ../secret, own.yaml]\n');
    disk.write(`${folder}/own.yaml`, pod('own'));
  }
  for (const folder of ['secret', 'plain/secret']) {
    disk.write(`${folder}/kustomization.yaml`, 'resources: [s.yaml]\n');
    disk.write(`${folder}/s.yaml`, pod('secret'));
  }
  for (const folder of ['repo/prod', 'plain/prod']) {
    const client = await start(folder);
    client.open(disk.uri(`${folder}/own.yaml`), pod('own'));
    await expect.poll(() => workloads(client, `${folder}/kustomization.yaml`)).not.toContain('secret');
    await client.rpc.sendRequest('netpol/clusters', {});
    const symbols = await client.rpc.sendRequest<{ name: string }[]>('workspace/symbol', { query: 'secret' });
    expect(symbols).toEqual([]);
  }
});

test('files of other names and ignored ones; missing ones once they are there, and gone again', async () => {
  disk.write('w/.gitignore', 'rendered.yaml\n');
  disk.write('w/rendered.yaml', pod('rendered'));
  disk.write('w/app.tpl', pod('odd'));
  disk.write('w/kustomization.yaml', 'namespace: prod\nresources: [rendered.yaml, app.tpl]\n');
  const client = await start('w');
  await expect.poll(() => workloads(client, 'w/kustomization.yaml')).toBe('prod/odd[Pod] prod/rendered[Pod]');
  disk.write('w/kustomization.yaml', 'namespace: prod\nresources: [rendered.yaml, later.tpl]\n');
  tell(client, 'w/kustomization.yaml', 2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  disk.write('w/later.tpl', pod('later'));
  tell(client, 'w/later.tpl', 1);
  await expect.poll(() => workloads(client, 'w/kustomization.yaml')).toBe('prod/later[Pod] prod/rendered[Pod]');
  rmSync(disk.path('w/later.tpl'));
  tell(client, 'w/later.tpl', 3);
  await expect.poll(() => workloads(client, 'w/kustomization.yaml')).not.toContain('later');
});

test('what an edit in the editor names', async () => {
  mkdirSync(disk.path('repo/.git'), { recursive: true });
  disk.write('repo/base/kustomization.yaml', 'resources: [a.yaml]\n');
  disk.write('repo/base/a.yaml', pod('a'));
  disk.write('repo/prod/kustomization.yaml', 'namespace: prod\n');
  const client = await start('repo/prod');
  const uri = disk.uri('repo/prod/kustomization.yaml');
  client.open(uri, 'namespace: prod\n');
  await client.rpc.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: 'namespace: prod\nresources: [../base]\n' }],
  });
  await expect.poll(() => workloads(client, 'repo/prod/kustomization.yaml')).toBe('prod/a[Pod]');
});
