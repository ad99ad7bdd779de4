import { describe, expect, test } from 'vitest';
import { ABLE, connect, greet, reach, type Client } from './server.ts';

const URI = 'file:///w/a.yaml';
const HOVER = { textDocument: { uri: URI }, position: { line: 0, character: 0 } };

/** The code of the error that a request is answered with; `undefined` where it is answered well. */
async function codeOf({ rpc }: Client, method: string, params: object = HOVER): Promise<number | undefined> {
  return rpc.sendRequest(method, params).then(
    () => undefined,
    (error: { code: number }) => error.code,
  );
}

describe('the lifecycle of LSP 3.17', () => {
  test('before initialize every request is refused and every notification ignored', async () => {
    const client = reach();
    expect(await codeOf(client, 'textDocument/hover')).toBe(-32002);
    expect(await codeOf(client, 'shutdown', {})).toBe(-32002);
    client.open(URI, 'kind: NetworkPolicy');
    expect(await codeOf(client, 'initialize', { capabilities: ABLE })).toBeUndefined();
    expect(await client.rpc.sendRequest('textDocument/hover', HOVER)).toBeNull();
  });

  test('a second initialize is refused, and the first one goes on', async () => {
    const client = await connect();
    expect(await codeOf(client, 'initialize', { capabilities: {} })).toBe(-32600);
    expect(await codeOf(client, 'textDocument/hover')).toBeUndefined();
  });

  test('after shutdown every request is refused', async () => {
    const client = await connect();
    expect(await client.rpc.sendRequest('shutdown')).toBeNull();
    expect(await codeOf(client, 'textDocument/hover')).toBe(-32600);
    expect(await codeOf(client, 'shutdown', {})).toBe(-32600);
  });

  test.each([
    ['before initialize', reach(), 1],
    ['without shutdown', connect(), 1],
    ['after shutdown', connect().then(async (client) => (await client.rpc.sendRequest('shutdown'), client)), 0],
  ])('exit %s ends the process', async (_name, started, code) => {
    const client = await started;
    await client.rpc.sendNotification('exit');
    await expect.poll(() => client.exits).toEqual([code]);
  });

  test.each([[null], [7], ['x'], [{ workspace: null, textDocument: 7, window: [] }], [{}]])(
    'whatever is sent for capabilities, the server starts: %j',
    async (capabilities) => {
      const client = await connect({ capabilities, files: new Map([['file:///w/p.yaml', POD]]) });
      client.open(URI, 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {podselector: {}}');
      await client.until(URI, (all) => all.length > 0);
      await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: 'web' })).toHaveLength(1);
    },
  );
});

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n';

describe('the folders of initialize', () => {
  const files = new Map([['file:///w/p.yaml', POD]]);
  test.each([
    ['workspaceFolders', { workspaceFolders: [{ uri: 'file:///w', name: 'w' }] }],
    ['rootUri', { workspaceFolders: undefined, rootUri: 'file:///w' }],
    ['rootUri where workspaceFolders is empty', { workspaceFolders: [], rootUri: 'file:///w' }],
    ['rootPath', { workspaceFolders: null, rootUri: null, rootPath: '/w' }],
    ['what is left of a list with nonsense in it', { workspaceFolders: [{}, null, { uri: 'file:///w', name: 'w' }] }],
  ])('%s', async (_name, params) => {
    const client = await connect({ files, params });
    await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: 'web' })).toHaveLength(1);
  });
});

test('folders and documents that come right behind initialized count', async () => {
  const client = await greet({ files: new Map([['file:///two/p.yaml', POD]]), params: { workspaceFolders: [] } });
  const policy =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {podSelector: {matchLabels: {app: wbe}}, policyTypes: [Ingress]}\n';
  // All of it before the server can have answered anything.
  void client.rpc.sendNotification('initialized', {});
  void client.rpc.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: 'file:///two', name: 'two' }], removed: [] },
  });
  client.open('file:///two/n.yaml', policy);
  await client.until('file:///two/n.yaml', (all) => all.some(({ code }) => code === 'near-miss-label'));
});

test('without a folder, the first document gets what its own manifests say of each other, without an edit', async () => {
  const client = await greet({ params: { workspaceFolders: null } });
  void client.rpc.sendNotification('initialized', {});
  client.open(
    URI,
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {podSelector: {matchLabels: {app: wbe}}, policyTypes: [Ingress]}\n---\n${POD}`,
  );
  await client.until(URI, (all) => all.some(({ code }) => code === 'near-miss-label'));
});
