import { expect, test } from 'vitest';
import type { DocumentDiagnosticReport } from 'vscode-languageserver';
import { connect, type Client } from './server.ts';

const URI = 'file:///w/a.yaml';
const OTHER = 'file:///w/p.yaml';
const POLICY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {podSelector: {matchLabels: {app: wbe}}, policyTypes: [Ingress]}\n';
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;

async function pull({ rpc }: Client, previousResultId?: string): Promise<DocumentDiagnosticReport> {
  return rpc.sendRequest('textDocument/diagnostic', {
    textDocument: { uri: URI },
    ...(previousResultId === undefined ? {} : { previousResultId }),
  });
}

const codes = (report: DocumentDiagnosticReport): readonly unknown[] =>
  'items' in report ? report.items.map(({ code }) => code) : [report.kind];

async function pulling(files: Map<string, string>, settings?: () => Readonly<Record<string, unknown>>): Promise<Client> {
  const client = await connect({ files, initializationOptions: { diagnostics: 'pull' }, ...(settings ? { settings } : {}) });
  client.open(URI, POLICY);
  await expect.poll(async () => codes(await pull(client))).toContain('near-miss-label');
  return client;
}

test('what has not changed is not sent again', async () => {
  const client = await pulling(new Map([[OTHER, pod('web')]]));
  const first = await pull(client);
  expect(await pull(client, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
  expect(codes(await pull(client, 'from another server'))).toContain('near-miss-label');
});

test('the client is told to ask again when a file, the settings or another document change, and then the answer is another one', async () => {
  const files = new Map([[OTHER, pod('web')]]);
  let settings = {};
  const client = await pulling(files, () => settings);
  const refreshes = (): number => client.asked.filter((method) => method === 'workspace/diagnostic/refresh').length;
  const expectRefresh = async (change: () => void): Promise<DocumentDiagnosticReport> => {
    const [before, { resultId }] = [refreshes(), await pull(client)];
    change();
    await expect.poll(refreshes).toBeGreaterThan(before);
    return pull(client, resultId);
  };
  const events = { changes: [{ uri: OTHER, type: 2 }] };
  const renamed = await expectRefresh(() => {
    files.set(OTHER, pod('other'));
    void client.rpc.sendNotification('workspace/didChangeWatchedFiles', events);
  });
  expect(codes(renamed)).not.toContain('near-miss-label');
  const opened = await expectRefresh(() => client.open(OTHER, pod('web')));
  expect(codes(opened)).toContain('near-miss-label');
  const silenced = await expectRefresh(() => {
    settings = { rules: { 'near-miss-label': 'off' } };
    void client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  });
  expect(codes(silenced)).not.toContain('near-miss-label');
  expect(client.asked).toEqual(
    expect.arrayContaining(['workspace/inlayHint/refresh', 'workspace/semanticTokens/refresh', 'workspace/codeLens/refresh']),
  );
  expect(client.published).toEqual([]);
});

test('asked right behind an edit, the answer is about the text after it, the workspace included', async () => {
  const client = await pulling(new Map([[OTHER, pod('web')]]));
  void client.rpc.sendNotification('textDocument/didChange', {
    textDocument: { uri: URI, version: 2 },
    contentChanges: [{ text: POLICY.replace('wbe', 'web') }],
  });
  expect(codes(await pull(client))).not.toContain('near-miss-label');
});

test('a request that is cancelled is answered as cancelled, and the others are not', async () => {
  const client = await connect();
  client.open(URI, Array.from({ length: 400 }, (_, i) => POLICY.replace('name: n', `name: n${i}`)).join('---\n'));
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const textDocument = { uri: URI };
  const at = { textDocument, position: { line: 1, character: 8 } };
  const whole = {
    textDocument,
    range: { start: { line: 0, character: 0 }, end: { line: 2000, character: 0 } },
    context: { diagnostics: [] },
  };
  const asked = (['textDocument/diagnostic', 'textDocument/codeAction', 'textDocument/hover', 'textDocument/references'] as const).flatMap(
    (method) =>
      [false, true].map(async (cancels) => {
        const source = new CancellationTokenSource();
        const params = { ...whole, ...at, context: { diagnostics: [], includeDeclaration: true } };
        const answer = client.rpc.sendRequest(method, params, source.token).then(
          () => 'answered',
          ({ code }: { code: number }) => code,
        );
        if (cancels) source.cancel();
        return answer;
      }),
  );
  expect(await Promise.all(asked)).toEqual(asked.map((_, i) => (i % 2 === 0 ? 'answered' : -32800)));
});
