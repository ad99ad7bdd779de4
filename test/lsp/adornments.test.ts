import { expect, test } from 'vitest';
import { connect } from './server.ts';

const URI = 'file:///w/a.yaml';
const TEXT = `# expect: shop/web -> shop/web 80 allow
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {team: ops}}
      podSelector: {}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
`;

test('hints, tokens and rewrites go over the wire', async () => {
  const { rpc, open } = await connect({ initializationOptions: { diagnostics: 'pull' } });
  open(URI, TEXT);
  const textDocument = { uri: URI };
  const range = { start: { line: 0, character: 0 }, end: { line: 15, character: 0 } };
  expect(await rpc.sendRequest('textDocument/inlayHint', { textDocument, range })).toMatchObject([
    { position: { line: 10, character: 21 }, label: 'AND', paddingLeft: true },
  ]);
  const tokens: unknown = await rpc.sendRequest('textDocument/semanticTokens/full', { textDocument });
  expect(tokens).toMatchObject({ data: expect.arrayContaining([1, 12]) });
  expect(await rpc.sendRequest('textDocument/semanticTokens/range', { textDocument, range })).toEqual(tokens);
  const at = (line: number): object => ({
    textDocument,
    range: { start: { line, character: 6 }, end: { line, character: 6 } },
    context: { diagnostics: [] },
  });
  expect(await rpc.sendRequest('textDocument/codeAction', at(10))).toMatchObject([
    {
      title: expect.stringMatching(/^Split into two peers \(OR\)/),
      kind: 'refactor.rewrite',
      edit: { changes: { [URI]: [{ newText: '-' }] } },
    },
  ]);
  const [flip] = await rpc.sendRequest<object[]>('textDocument/codeAction', at(0));
  expect(flip).toMatchObject({ title: expect.stringMatching(/^Allow shop\/web/), kind: 'quickfix', edit: { changes: { [URI]: [{}] } } });
});
