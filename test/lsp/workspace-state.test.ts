import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../server/host/node.ts';
import { scratchDisk } from './scratch-disk.ts';
import { ABLE, connect, type Client, type ClientOptions } from './server.ts';

/*
 * The state of the workspace after events is that of a fresh start: on a real disk, over the wire. What is expected is written out too, so
 * that two wrong answers that are equal do not pass.
 */

const disk = scratchDisk();

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;
const policy = (label: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\nspec: {podSelector: {matchLabels: {app: ${label}}}, policyTypes: [Ingress]}\n`;
const DENY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n';

async function start(folders: readonly string[], options: ClientOptions = {}): Promise<Client> {
  const workspaceFolders = folders.map((name) => ({ uri: disk.uri(name), name }));
  return connect({ host: nodeHost, params: { workspaceFolders }, ...options });
}

async function names(client: Client): Promise<string> {
  const symbols = await client.rpc.sendRequest<{ name: string }[]>('workspace/symbol', { query: '' });
  return symbols
    .map(({ name }) => name)
    .toSorted()
    .join(' ');
}

/** Waits until the workspace holds these objects, and holds it against a fresh start of the same folders. */
async function checkNames(client: Client, folders: readonly string[], expected: string): Promise<void> {
  await expect.poll(() => names(client)).toBe(expected);
  await settled(client);
  expect(await names(client)).toBe(expected);
  const fresh = await start(folders);
  await expect.poll(() => names(fresh)).toBe(expected);
}

/** Events that are sent one after the other are worked off in that order, and each ends with diagnostics being looked at again. */
async function settled(client: Client): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 80));
  await client.rpc.sendRequest('netpol/templates');
}

const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

function tell({ rpc }: Client, ...events: readonly (readonly [name: string, type: number])[]): void {
  const changes = events.map(([name, type]) => ({ uri: disk.uri(name), type }));
  void rpc.sendNotification('workspace/didChangeWatchedFiles', { changes });
}

function changeFolders({ rpc }: Client, added: readonly string[], removed: readonly string[]): void {
  const folder = (name: string): object => ({ uri: disk.uri(name), name });
  void rpc.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: added.map(folder), removed: removed.map(folder) } });
}

describe('what events bring in is what the scan would', () => {
  test('not what git ignores, nor what lies in node_modules', async () => {
    disk.write('w/.gitignore', 'out/\n');
    disk.write('w/a.yaml', pod('aa'));
    const client = await start(['w']);
    await checkNames(client, ['w'], 'aa');
    for (const name of ['w/out/r.yaml', 'w/node_modules/x/y.yaml']) {
      disk.write(name, pod('rendered'));
      tell(client, [name, CREATED]);
    }
    disk.write('w/b.yaml', pod('bb'));
    tell(client, ['w/b.yaml', CREATED]);
    await checkNames(client, ['w'], 'aa bb');
  });

  test('a .gitignore that changes takes effect at once, in both directions', async () => {
    for (const name of ['aa', 'bb']) disk.write(`w/sub/${name}.yaml`, pod(name));
    const client = await start(['w']);
    await checkNames(client, ['w'], 'aa bb');
    disk.write('w/sub/.gitignore', 'aa.yaml\n');
    tell(client, ['w/sub/.gitignore', CREATED]);
    await checkNames(client, ['w'], 'bb');
    disk.write('w/sub/.gitignore', 'bb.yaml\n');
    tell(client, ['w/sub/.gitignore', CHANGED]);
    await checkNames(client, ['w'], 'aa');
    rmSync(disk.path('w/sub/.gitignore'));
    tell(client, ['w/sub/.gitignore', DELETED]);
    await checkNames(client, ['w'], 'aa bb');
  });

  test('not what lies behind links, and no pipe or device is opened', async () => {
    disk.write('elsewhere/secret.yaml', pod('secret'));
    disk.write('w/real.yaml', pod('real'));
    symlinkSync(disk.path('elsewhere/secret.yaml'), disk.path('w/link.yaml'));
    symlinkSync(disk.path('elsewhere'), disk.path('w/dir'));
    symlinkSync('..', disk.path('w/loop'));
    symlinkSync('/dev/zero', disk.path('w/zero.yaml'));
    disk.pipe('w/pipe.yaml');
    const client = await start(['w']);
    await checkNames(client, ['w'], 'real');
    // More than there are threads that could hang.
    for (let i = 0; i < 6; i++) tell(client, ['w/pipe.yaml', CHANGED], ['w/zero.yaml', CHANGED]);
    tell(client, ['w/link.yaml', CREATED], ['w/dir/secret.yaml', CREATED], ['w/loop/w/real.yaml', CREATED]);
    disk.write('w/later.yaml', pod('later'));
    tell(client, ['w/later.yaml', CREATED]);
    await checkNames(client, ['w'], 'later real');
    const logged = client.told.filter(({ method }) => method === 'window/logMessage').map(({ params }) => params.message ?? '');
    expect(logged.filter((message) => message.includes('pipe.yaml'))).toEqual([expect.stringContaining('named pipe')]);
  });

  test('whole folders that are renamed or deleted, of which only the folder is told', async () => {
    for (const name of ['aa', 'bb']) disk.write(`w/d/${name}.yaml`, pod(name));
    disk.write('w/d.yaml', pod('dd'));
    const client = await start(['w']);
    await checkNames(client, ['w'], 'aa bb dd');
    renameSync(disk.path('w/d'), disk.path('w/e'));
    tell(client, ['w/d', DELETED], ['w/e', CREATED]);
    await checkNames(client, ['w'], 'aa bb dd');
    const [found] = await client.rpc.sendRequest<{ location: { uri: string } }[]>('workspace/symbol', { query: 'aa' });
    expect(found?.location.uri).toBe(disk.uri('w/e/aa.yaml'));
    rmSync(disk.path('w/e'), { recursive: true });
    tell(client, ['w/e', DELETED]);
    await checkNames(client, ['w'], 'dd');
  });

  test('a Kustomization without extension', async () => {
    disk.write('w/base/Kustomization', 'namespace: prod\nresources: [a.yaml]\n');
    disk.write('w/base/a.yaml', pod('aa').replace(', namespace: shop', ''));
    const client = await start(['w']);
    const policies = disk.uri('w/base/a.yaml');
    const ends = async (): Promise<string> =>
      (await client.rpc.sendRequest<{ name: string }[]>('netpol/ends', { uri: policies })).map(({ name }) => name).join();
    await expect.poll(ends).toBe('prod/aa[Pod]');
    disk.write('w/base/Kustomization', 'namespace: test\nresources: [a.yaml]\n');
    tell(client, ['w/base/Kustomization', CHANGED]);
    await expect.poll(ends).toBe('test/aa[Pod]');
    rmSync(disk.path('w/base/Kustomization'));
    tell(client, ['w/base/Kustomization', DELETED]);
    await expect.poll(ends).toBe('default/aa[Pod]');
  });

  test('these are watched', async () => {
    const registered: unknown[] = [];
    const client = await start([]);
    client.rpc.onRequest('client/registerCapability', (params) => void registered.push(params));
    expect(ABLE).toHaveProperty('workspace.didChangeWatchedFiles.dynamicRegistration', true);
    await expect.poll(() => JSON.stringify(registered)).toContain('"**/*"');
    expect(JSON.stringify(registered)).toContain('.gitignore');
    expect(JSON.stringify(registered)).toContain('Kustomization');
  });
});

describe('folders that come and go', () => {
  test('a folder that has left decides nothing any more, whatever the settings make one cluster', async () => {
    disk.write('one/a.yaml', `${pod('db')}---\n${pod('web')}`);
    disk.write('two/deny.yaml', DENY);
    const settings = { clusters: { all: ['**'] } };
    const client = await start(['one', 'two'], { settings });
    const uri = disk.uri('one/a.yaml');
    client.open(uri, `${pod('db')}---\n${pod('web')}`);
    const rows = async (): Promise<number> => {
      const report = await client.rpc.sendRequest<{ text: string }>('netpol/report', { uri, what: { kind: 'matrix' } });
      return report.text.split('\n').filter((line) => /^\| (?!from|---)/.test(line)).length;
    };
    await expect.poll(() => names(client)).toBe('db deny web');
    await expect.poll(rows).toBe(0);
    changeFolders(client, [], ['two']);
    await expect.poll(rows).toBe(6);
    await checkNames(client, ['one'], 'db web');
    changeFolders(client, ['two'], []);
    await expect.poll(rows).toBe(0);
  });

  test('when the last folder goes, nothing of it stays but what is open', async () => {
    disk.write('one/b.yml', pod('inner'));
    disk.write('one/c.yml', pod('other'));
    const client = await start(['one']);
    await expect.poll(() => names(client)).toBe('inner other');
    client.open(disk.uri('one/a.yaml'), policy('inner'));
    changeFolders(client, [], ['one']);
    await expect.poll(() => names(client)).toBe('np');
    const at = { textDocument: { uri: disk.uri('one/a.yaml') }, position: { line: 3, character: 40 } };
    await expect(client.rpc.sendRequest('textDocument/references', { ...at, context: { includeDeclaration: true } })).resolves.toHaveLength(
      1,
    );
  });

  test('a folder within another one decides about itself', async () => {
    disk.write('w/.gitignore', 'in/\n');
    disk.write('w/a.yaml', pod('aa'));
    disk.write('w/in/b.yaml', pod('bb'));
    const client = await start(['w', 'w/in']);
    await checkNames(client, ['w', 'w/in'], 'aa bb');
    tell(client, ['w/.gitignore', CHANGED]);
    await checkNames(client, ['w', 'w/in'], 'aa bb');
    changeFolders(client, [], ['w/in']);
    await checkNames(client, ['w'], 'aa');
  });

  test('folders that come and go quickly leave what a fresh start finds', async () => {
    for (const folder of ['one', 'two', 'three']) for (let i = 0; i < 60; i++) disk.write(`${folder}/${i}.yaml`, pod(`${folder}${i}`));
    const client = await start(['one']);
    for (const [added, removed] of [
      [['two'], []],
      [['three'], ['one']],
      [['one'], ['two']],
      [[], ['three']],
    ] as const)
      changeFolders(client, added, removed);
    const expected = Array.from({ length: 60 }, (_, i) => `one${i}`).toSorted();
    await checkNames(client, ['one'], expected.join(' '));
  });
});

describe('documents that are closed', () => {
  test('outside of all folders: gone, even though the file is there', async () => {
    disk.write('elsewhere/o.yaml', pod('outer'));
    disk.write('w/a.yaml', pod('aa'));
    const client = await start(['w']);
    const uri = disk.uri('elsewhere/o.yaml');
    client.open(uri, pod('outer'));
    await expect.poll(() => names(client)).toBe('aa outer');
    await client.rpc.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await checkNames(client, ['w'], 'aa');
  });

  test('in a folder that git ignores: gone; in the workspace: as on disk; deleted meanwhile: gone', async () => {
    disk.write('w/.gitignore', 'out/\n');
    disk.write('w/out/r.yaml', pod('rendered'));
    disk.write('w/a.yaml', pod('aa'));
    disk.write('w/b.yaml', pod('bb'));
    const client = await start(['w']);
    for (const name of ['out/r', 'a', 'b']) client.open(disk.uri(`w/${name}.yaml`), pod(`open-${name.replace('/', '-')}`));
    await expect.poll(() => names(client)).toBe('open-a open-b open-out-r');
    rmSync(disk.path('w/b.yaml'));
    tell(client, ['w/b.yaml', DELETED]);
    await settled(client);
    expect(await names(client)).toBe('open-a open-b open-out-r');
    for (const name of ['out/r', 'a', 'b'])
      await client.rpc.sendNotification('textDocument/didClose', { textDocument: { uri: disk.uri(`w/${name}.yaml`) } });
    await checkNames(client, ['w'], 'aa');
  });

  test.each(['untitled:Untitled-1', 'vscode-vfs://github/o/r/a.yaml', 'inmemory://model/1'])('%s: gone', async (uri) => {
    const client = await start([]);
    client.open(uri, pod('loose'));
    await expect.poll(() => names(client)).toBe('loose');
    await client.rpc.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await expect.poll(() => names(client)).toBe('');
  });
});

test('a name is renamed in the whole workspace, also when that has not been read yet', async () => {
  for (let i = 0; i < 300; i++) disk.write(`w/${i}.yaml`, pod(`p${i}`).replace(/app: \w+/, 'app: db'));
  const client = await start(['w']);
  const uri = disk.uri('w/policy.yaml');
  client.open(uri, policy('db'));
  const at = { textDocument: { uri }, position: { line: 3, character: policy('db').split('\n')[3]?.indexOf('db') ?? 0 } };
  const edit = await client.rpc.sendRequest<{ documentChanges: object[] }>('textDocument/rename', { ...at, newName: 'data' });
  expect(edit.documentChanges).toHaveLength(301);
});
