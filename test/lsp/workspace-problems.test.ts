import { expect, test } from 'vitest';
import type { WorkspaceDiagnosticReport } from 'vscode-languageserver';
import { connect, type Client } from './server.ts';

const policy = (more: string = '', name: string = 'guard'): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress]${more}}\n`;
const BAD = policy(', podselector: {}');

/** The codes that are shown of a file now. */
function shownOf({ published }: Client, uri: string): readonly unknown[] | undefined {
  return published.findLast((one) => one.uri === uri)?.diagnostics.map(({ code }) => code);
}

test('the problems of closed files are shown, and go when the files are mended or leave', async () => {
  const files = new Map([
    ['file:///w/a.yaml', policy('', 'other')],
    ['file:///w/b.yaml', BAD],
  ]);
  const client = await connect({ files });
  await expect.poll(() => shownOf(client, 'file:///w/b.yaml'), { timeout: 5000 }).toEqual(['unknown-field']);
  expect(shownOf(client, 'file:///w/a.yaml')).toBeUndefined();
  files.set('file:///w/b.yaml', policy());
  void client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/b.yaml', type: 2 }] });
  await expect.poll(() => shownOf(client, 'file:///w/b.yaml'), { timeout: 5000 }).toEqual([]);
});

test('what a build says of a closed kustomization goes when the file that it misses is opened', async () => {
  const files = new Map([
    ['file:///w/a.yaml', policy('', 'other')],
    ['file:///w/kustomization.yaml', 'resources: [a.yaml]\npatches: [{path: b.yml}]\n'],
  ]);
  const client = await connect({ files });
  const of = (): readonly unknown[] | undefined => shownOf(client, 'file:///w/kustomization.yaml');
  await expect.poll(() => of()?.length, { timeout: 5000 }).toBe(1);
  client.open('file:///w/b.yml', '');
  await expect.poll(of, { timeout: 5000 }).toEqual([]);
});

test('a closed file points to where things stand now in the file that is edited', async () => {
  const pod = (app: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${app}, namespace: shop, labels: {app: ${app}}}\nspec: {containers: [{name: c, image: i}]}\n`;
  const wrong = policy().replace('podSelector: {}', 'podSelector: {matchLabels: {app: frontnd}}');
  const files = new Map([
    ['file:///w/a.yaml', pod('frontend')],
    ['file:///w/b.yaml', wrong],
  ]);
  const client = await connect({ files });
  const line = (): unknown =>
    client.published.findLast(({ uri }) => uri === 'file:///w/b.yaml')?.diagnostics[0]?.relatedInformation?.[0]?.location.range.start.line;
  await expect.poll(line, { timeout: 5000 }).toBe(2);
  client.open('file:///w/a.yaml', `kind: Other\n---\n${pod('frontend')}`);
  await expect.poll(line, { timeout: 5000 }).toBe(4);
});

test('a document that is closed keeps the problems of its file', async () => {
  const client = await connect({ files: new Map([['file:///w/b.yaml', BAD]]) });
  client.open('file:///w/b.yaml', policy());
  await client.until('file:///w/b.yaml', (all) => all.length === 0);
  void client.rpc.sendNotification('textDocument/didClose', { textDocument: { uri: 'file:///w/b.yaml' } });
  await expect.poll(() => shownOf(client, 'file:///w/b.yaml'), { timeout: 5000 }).toEqual(['unknown-field']);
});

test('only open files where the setting says so', async () => {
  const files = new Map([['file:///w/b.yaml', BAD]]);
  const client = await connect({ files, settings: { diagnostics: { scope: 'openFiles' } } });
  expect(await client.rpc.sendRequest('netpol/checkWorkspace', {})).toEqual({ files: 1, errors: 1, warnings: 0 });
  expect(shownOf(client, 'file:///w/b.yaml')).toEqual(['unknown-field']);
});

test('fixes with one meaning, by file', async () => {
  const fixable = policy(', ingress: [{ports: [{protocol: tcp, port: 80}]}]');
  const client = await connect({ files: new Map([['file:///w/b.yaml', fixable]]) });
  const fixes = await client.rpc.sendRequest<Record<string, { title: string; edit: { newText: string } }[]>>('netpol/fixWorkspace', {});
  expect(Object.entries(fixes).map(([uri, all]) => [uri, ...all.map(({ edit }) => edit.newText)])).toEqual([['file:///w/b.yaml', 'TCP']]);
});

test('clients that pull are given the files of the workspace, and what has not changed only once', async () => {
  const files = new Map([
    ['file:///w/a.yaml', policy('', 'other')],
    ['file:///w/b.yaml', BAD],
  ]);
  const client = await connect({ files, initializationOptions: { diagnostics: 'pull' } });
  const pull = (previousResultIds: readonly object[]): Promise<WorkspaceDiagnosticReport> =>
    client.rpc.sendRequest('workspace/diagnostic', { previousResultIds });
  await expect.poll(async () => (await pull([])).items.length).toBe(2);
  const { items } = await pull([]);
  expect(items.map((one) => [one.uri, one.kind === 'full' ? one.items.map(({ code }) => code) : one.kind])).toEqual([
    ['file:///w/a.yaml', []],
    ['file:///w/b.yaml', ['unknown-field']],
  ]);
  const again = await pull([...items.map(({ uri, resultId }) => ({ uri, value: resultId })), { uri: 'file:///w/gone.yaml', value: 'x' }]);
  expect(again.items.map(({ uri, kind }) => `${kind} ${uri}`)).toEqual([
    'unchanged file:///w/a.yaml',
    'unchanged file:///w/b.yaml',
    'full file:///w/gone.yaml',
  ]);
});

test('expectations of the workspace, each with what became of it', async () => {
  const pods = ['web', 'db'].map((name) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\n`).join('---\n');
  const comments = ['db TCP/80 deny', 'db TCP/80 allow', 'bd TCP/80 allow'].map((rest) => `# expect: shop/web -> shop/${rest}\n`).join('');
  const client = await connect({ files: new Map([['file:///w/a.yaml', `${comments}${policy()}---\n${pods}`]]) });
  const found = await client.rpc.sendRequest<
    { name: string; expectations: { text: string; outcome: string; range: { start: { line: number } } }[] }[]
  >('netpol/expectations', {});
  expect(
    found.map(({ name, expectations }) => [name, ...expectations.map((one) => `${one.range.start.line} ${one.text}: ${one.outcome}`)]),
  ).toEqual([
    [
      'a.yaml',
      '0 shop/web -> shop/db TCP/80 deny: passed',
      '1 shop/web -> shop/db TCP/80 allow: failed',
      '2 shop/web -> shop/bd TCP/80 allow: error',
    ],
  ]);
});
