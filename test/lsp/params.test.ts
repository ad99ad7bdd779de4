import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, type Client } from './server.ts';

const URI = 'file:///w/a.yaml';
const TEXT = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec:\n  podSelector: {}\n  foo: 1\n';

/** Every request that the server announces, and parameters that are right for it. */
const textDocument = { uri: URI };
const position = { line: 4, character: 6 };
const range = { start: { line: 0, character: 0 }, end: position };
const explain = { kind: 'explain', from: 'a', to: 'b', protocol: 'TCP', port: 80 };
const REQUESTS: Readonly<Record<string, object>> = {
  'textDocument/hover': { textDocument, position },
  'textDocument/completion': { textDocument, position },
  'textDocument/definition': { textDocument, position },
  'textDocument/references': { textDocument, position, context: { includeDeclaration: true } },
  'textDocument/documentHighlight': { textDocument, position },
  'textDocument/prepareRename': { textDocument, position },
  'textDocument/rename': { textDocument, position, newName: 'x' },
  'textDocument/prepareCallHierarchy': { textDocument, position },
  'textDocument/documentSymbol': { textDocument },
  'textDocument/foldingRange': { textDocument },
  'textDocument/selectionRange': { textDocument, positions: [position] },
  'textDocument/codeLens': { textDocument },
  'codeLens/resolve': { range, data: { uri: URI, key: 'x' } },
  'textDocument/inlayHint': { textDocument, range },
  'textDocument/semanticTokens/full': { textDocument },
  'textDocument/semanticTokens/range': { textDocument, range },
  'textDocument/diagnostic': { textDocument },
  'textDocument/codeAction': { textDocument, range, context: { diagnostics: [] } },
  'callHierarchy/incomingCalls': { item: { data: { uri: URI, key: 'x' } } },
  'callHierarchy/outgoingCalls': { item: { data: { uri: URI, key: 'x' } } },
  'workspace/symbol': { query: '' },
  'workspace/executeCommand': { command: 'netpol.showReport', arguments: [{ uri: URI, what: explain }] },
  'netpol/templates': {},
  'netpol/report': { uri: URI, what: explain },
  'netpol/ends': { uri: URI },
  'netpol/flips': { uri: URI, what: explain },
};

const NOTIFICATIONS: Readonly<Record<string, object>> = {
  'textDocument/didOpen': { textDocument: { uri: URI, languageId: 'yaml', version: 1, text: TEXT } },
  'textDocument/didChange': { textDocument: { uri: URI, version: 2 }, contentChanges: [{ range, text: 'x' }] },
  'textDocument/didClose': { textDocument },
  'workspace/didChangeWatchedFiles': { changes: [{ uri: URI, type: 1 }] },
  'workspace/didChangeConfiguration': { settings: null },
  'workspace/didChangeWorkspaceFolders': { event: { added: [{ uri: URI, name: 'x' }], removed: [] } },
  'netpol/client': { yamlExtension: true },
  '$/cancelRequest': { id: 1 },
  '$/setTrace': { value: 'off' },
  'window/workDoneProgress/cancel': { token: 1 },
};

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    '',
    'x',
    7,
    -1,
    1.5,
    2 ** 53,
    true,
    [null],
    [{}],
    { uri: 7 },
    { line: 'a' },
    '__proto__',
    'file:///%',
  ),
  fc.anything({ maxDepth: 2, withNullPrototype: false }).map((value): unknown => JSON.parse(JSON.stringify(value) ?? 'null')),
);

/** The parameters with one value anywhere in them replaced or left out. */
function spoiled(good: unknown): fc.Arbitrary<unknown> {
  if (typeof good !== 'object' || good === null) return nonsense;
  const entries = Object.entries(good);
  const inside = entries.map(([name, value]) => fc.oneof(spoiled(value), fc.constant(undefined)).map((bad) => withField(good, name, bad)));
  return fc.oneof(nonsense, ...inside);
}

function withField(good: object, name: string, bad: unknown): unknown {
  return Array.isArray(good) ? good.with(Number(name), bad) : { ...good, [name]: bad };
}

async function opened(): Promise<Client> {
  const client = await connect({ files: new Map([[URI, TEXT]]) });
  client.open(URI, TEXT);
  await client.until(URI, (all) => all.length > 0);
  return client;
}

const ownFaults = ({ told }: Client): readonly unknown[] =>
  told.filter(({ method, params }) => method === 'window/logMessage' && params.type === 1);

test('good parameters are taken', async () => {
  const client = await opened();
  for (const [method, params] of Object.entries(REQUESTS))
    await client.rpc
      .sendRequest(method, params)
      .catch(({ code, message }) => expect({ method, code, message }).toMatchObject({ code: -32803 }));
  expect(ownFaults(client)).toEqual([]);
});

test('parameters that are none are answered with InvalidParams, and nothing of ours fails', async () => {
  const client = await opened();
  const asked = fc.oneof(...Object.entries(REQUESTS).map(([method, good]) => spoiled(good).map((params) => ({ method, params }))));
  await fc.assert(
    fc.asyncProperty(asked, async ({ method, params }) => {
      const sent = typeof params === 'object' && params !== null && !Array.isArray(params) ? params : [params];
      await client.rpc.sendRequest(method, sent).catch(({ code }) => expect([-32602, -32803]).toContain(code));
      expect(ownFaults(client)).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

test('notifications that are none are ignored, and the server goes on', async () => {
  const client = await opened();
  const sent = fc.oneof(...Object.entries(NOTIFICATIONS).map(([method, good]) => spoiled(good).map((params) => ({ method, params }))));
  await fc.assert(
    fc.asyncProperty(sent, async ({ method, params }) => {
      await client.rpc.sendNotification(
        method,
        typeof params === 'object' && params !== null && !Array.isArray(params) ? params : [params],
      );
      expect(await client.rpc.sendRequest('netpol/templates')).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(client.exits).toEqual([]);
  await client.rpc.sendNotification('textDocument/didClose', { textDocument });
  client.open(URI, TEXT, 9);
  expect(
    JSON.stringify(await client.rpc.sendRequest('textDocument/hover', { textDocument, position: { line: 1, character: 8 } })),
  ).toContain('NetworkPolicy');
});

test('a request that the server does not announce is answered with MethodNotFound, and is no fault of ours', async () => {
  const client = await connect();
  for (const method of ['textDocument/documentLink', 'textDocument/documentColor', 'netpol/nothing']) {
    const answer = client.rpc.sendRequest(method, { textDocument: { uri: 'file:///w/a.yaml' } });
    await expect(answer).rejects.toMatchObject({ code: -32601 });
  }
  await client.rpc.sendRequest('workspace/symbol', { query: '' });
  expect(ownFaults(client)).toEqual([]);
});
