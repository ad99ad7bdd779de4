import { describe, expect, test, vi } from 'vitest';
import { clientOn } from '../../server/lsp/client.ts';
import { connect, type Client, type ClientOptions } from './server.ts';

/*
 * What the server asks of the client may be refused or never answered. In a server of its own each: the workspace is read all the same,
 * and nothing is left uncaught (vitest fails a run with an unhandled rejection).
 */

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n';
const URI = 'file:///w/a.yaml';
const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}, foo: 1}\n';

const ASKED = [
  'workspace/configuration',
  'client/registerCapability',
  'window/workDoneProgress/create',
  'workspace/codeLens/refresh',
  'workspace/inlayHint/refresh',
  'workspace/semanticTokens/refresh',
  'workspace/diagnostic/refresh',
];

async function works(options: ClientOptions): Promise<Client> {
  const client = await connect({ files: new Map([['file:///w/p.yaml', POD]]), ...options });
  client.open(URI, POLICY);
  await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: 'web' })).toHaveLength(2);
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/p.yaml', type: 2 }] });
  await expect.poll(() => client.rpc.sendRequest<object[]>('workspace/symbol', { query: 'web' })).toHaveLength(2);
  const pulled = await client.rpc.sendRequest<{ items: object[] }>('textDocument/diagnostic', { textDocument: { uri: URI } });
  expect(JSON.stringify(pulled.items)).toContain('unknown-field');
  return client;
}

describe.each(['refused', 'unanswered'] as const)('a request of the server that is %s', (what) => {
  test.each([...ASKED, 'everything'])('%s', async (method) => {
    const becomes: ClientOptions['becomes'] = (asked) => (method === 'everything' || asked === method ? what : undefined);
    for (const initializationOptions of [{}, { diagnostics: 'pull' }]) await works({ becomes, initializationOptions });
  });
});

test('all of these are asked', async () => {
  const client = await works({ initializationOptions: { diagnostics: 'pull' } });
  await expect.poll(() => [...new Set(client.asked)].toSorted()).toEqual(ASKED.toSorted());
});

test('nothing is asked of a client that announces nothing', async () => {
  const client = await works({ capabilities: {} });
  expect(client.asked).toEqual([]);
});

test('what asks nothing back is a notification: a wrong setting, and the report of a lens', async () => {
  const client = await works({ settings: { profile: 7 } });
  await client.rpc.sendRequest('workspace/executeCommand', {
    command: 'netpol.showReport',
    arguments: [{ uri: URI, what: { kind: 'matrix' } }],
  });
  const shown = client.told
    .filter(({ method }) => method === 'window/showMessage')
    .map(({ params: { type, message } }) => ({ type, message }));
  expect(shown).toEqual([
    { type: 2, message: expect.stringContaining('netpol.profile') },
    { type: 3, message: expect.stringContaining('web[Pod]') },
  ]);
  expect(client.asked).not.toContain('window/showMessageRequest');
});

test('the settings are asked for again after they were not answered', async () => {
  let answers = false;
  const client = await connect({
    settings: { rules: { 'unknown-field': 'off' } },
    becomes: (method) => (method === 'workspace/configuration' && !answers ? 'unanswered' : undefined),
  });
  client.open(URI, POLICY);
  await client.until(URI, (all) => all.some(({ code }) => code === 'unknown-field'));
  answers = true;
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until(URI, (all) => !all.some(({ code }) => code === 'unknown-field'));
});

describe('the client as the server sees it', () => {
  const answer = (sendRequest: () => Promise<unknown>): Promise<unknown> =>
    clientOn({ sendRequest: vi.fn(sendRequest), sendNotification: vi.fn() }, 20).ask('x');

  test('an answer, a refusal, a failure, silence', async () => {
    expect(await answer(() => Promise.resolve(7))).toBe(7);
    expect(await answer(() => Promise.resolve(null))).toBeNull();
    expect(await answer(() => Promise.reject(new Error('no')))).toBeUndefined();
    expect(
      await answer(() => {
        throw new Error('closed');
      }),
    ).toBeUndefined();
    expect(await answer(() => new Promise(() => undefined))).toBeUndefined();
  });

  test('a notification that cannot be sent is lost, nothing else', () => {
    const closed = (): never => {
      throw new Error('closed');
    };
    const failing = [(): Promise<void> => Promise.reject(new Error('gone')), closed];
    for (const sendNotification of failing)
      clientOn({ sendRequest: vi.fn(), sendNotification: vi.fn(sendNotification) }).show('information', 'x');
  });
});
