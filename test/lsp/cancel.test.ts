import { afterEach, expect, test, vi } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver';
import { connect, type Client } from './server.ts';

afterEach(() => vi.restoreAllMocks());

const URI = 'file:///w/a.yaml';
const rules = (count: number): string =>
  Array.from({ length: count }, (_, i) => `  - from: [{podSelector: {matchLabels: {app: a${i}}}}]\n    ports: [{port: ${i + 1}}]\n`).join(
    '',
  );
const LARGE = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n  podSelector: {}\n  ingress:\n${rules(400)}`;
const pod = (i: number): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: shop, labels: {app: a${i}}}\nspec: {containers: [{name: c, image: i}]}\n`;

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** A clock by which every step of work fills a slice of its own, so that messages are looked at behind each. */
function slowClock(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 30));
}

/** Asks, and cancels once the server is at it; gives the code of the error with which it is answered. */
async function cancelled({ rpc }: Client, method: string, params: object, after: number = 8): Promise<unknown> {
  const source = new CancellationTokenSource();
  const answer = rpc.sendRequest(method, params, source.token).then(
    () => 'answered',
    ({ code }: { readonly code: number }) => code,
  );
  await turns(after);
  source.cancel();
  return answer;
}

const CANCELLED = -32800;
const position = { line: 30, character: 30 };

test.each([
  ['textDocument/hover', { textDocument: { uri: URI }, position }],
  ['textDocument/completion', { textDocument: { uri: URI }, position }],
  ['textDocument/definition', { textDocument: { uri: URI }, position }],
  ['textDocument/documentSymbol', { textDocument: { uri: URI } }],
])('%s stops while the document is read', async (method, params) => {
  const client = await connect({});
  slowClock();
  client.open(URI, LARGE);
  expect(await cancelled(client, method, params)).toBe(CANCELLED);
});

test('verdicts stop while the cluster is evaluated', async () => {
  const client = await connect({ files: new Map([['file:///w/pods.yaml', Array.from({ length: 30 }, (_, i) => pod(i)).join('---\n')]]) });
  client.open(URI, 'kind: Other\n');
  await expect.poll(async () => (await client.rpc.sendRequest<readonly object[]>('netpol/ends', { uri: URI })).length).toBeGreaterThan(20);
  slowClock();
  client.open('file:///w/new.yaml', pod(99));
  expect(await cancelled(client, 'netpol/report', { uri: URI, what: { kind: 'matrix' } }, 2)).toBe(CANCELLED);
});

const AT = { textDocument: { uri: URI }, position };
const RANGE = { textDocument: { uri: URI }, range: { start: { line: 0, character: 0 }, end: position } };
const MATRIX = { uri: URI, what: { kind: 'matrix' } };
const item = { name: 'a', kind: 5, uri: URI, range: RANGE.range, selectionRange: RANGE.range, data: { uri: URI, endpoint: 'shop/a' } };

test.each<readonly [string, object]>([
  ['textDocument/hover', AT],
  ['textDocument/completion', AT],
  ['textDocument/definition', AT],
  ['textDocument/references', { ...AT, context: { includeDeclaration: true } }],
  ['textDocument/documentHighlight', AT],
  ['textDocument/prepareRename', AT],
  ['textDocument/rename', { ...AT, newName: 'b' }],
  ['textDocument/documentSymbol', AT],
  ['textDocument/foldingRange', AT],
  ['textDocument/selectionRange', { textDocument: { uri: URI }, positions: [position] }],
  ['textDocument/semanticTokens/full', AT],
  ['textDocument/semanticTokens/range', RANGE],
  ['textDocument/inlayHint', RANGE],
  ['textDocument/codeLens', AT],
  ['codeLens/resolve', { range: RANGE.range, data: { uri: URI } }],
  ['textDocument/codeAction', { ...RANGE, context: { diagnostics: [] } }],
  ['codeAction/resolve', { title: 'a', data: { uri: URI, target: 'calico', scope: 'file' } }],
  ['textDocument/prepareCallHierarchy', AT],
  ['callHierarchy/incomingCalls', { item }],
  ['callHierarchy/outgoingCalls', { item }],
  ['workspace/symbol', { query: '' }],
  ['netpol/report', MATRIX],
  ['netpol/ends', { uri: URI }],
  ['netpol/flips', { uri: URI, what: { kind: 'explain', from: 'shop/a', to: 'shop/b', protocol: 'TCP', port: 80 } }],
])('%s that is cancelled before its turn is not answered', async (method, params) => {
  const client = await connect({});
  client.open(URI, 'kind: NetworkPolicy\n');
  expect(await cancelled(client, method, params, 0)).toBe(CANCELLED);
});
