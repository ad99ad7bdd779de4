import { expect, test } from 'vitest';
import type { SymbolInformation } from 'vscode-languageserver';
import { connect, type Client } from './server.ts';

const URI = 'file:///w/web.yaml';
const BIG = 'file:///w/big.yaml';
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: wbe}}, policyTypes: [Ingress]}
`;
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;
const pods = (count: number): string => Array.from({ length: count }, (_, i) => pod(`pod-${i}`)).join('---\n');

const isMisled = (all: readonly object[]): boolean => all.some((finding) => JSON.stringify(finding).includes('app=web'));

/** A workspace with one pod, in which a policy selects another one, and knows so. */
async function misled(files: Map<string, string>): Promise<Client> {
  const client = await connect({ files });
  client.open(URI, policy);
  await client.until(URI, isMisled);
  return client;
}

const written = ({ rpc }: Client, uri: string): Promise<void> =>
  rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });

test('while a big file is read, the editor is answered', async () => {
  const files = new Map([['file:///w/pods.yaml', pod('web')]]);
  const client = await misled(files);
  files.set(BIG, `${pods(2500)}---\n${pod('wbe')}`);
  await written(client, BIG);
  let answers = 0;
  const reading = { ended: false };
  const end = client.until(URI, (all) => !isMisled(all)).then(() => (reading.ended = true));
  while (!reading.ended) {
    await client.rpc.sendRequest('textDocument/hover', { textDocument: { uri: URI }, position: { line: 3, character: 10 } });
    answers++;
  }
  await end;
  expect(answers).toBeGreaterThan(5);
});

test('a file that changes again while it is read counts as it was last', async () => {
  const files = new Map([['file:///w/pods.yaml', pod('web')]]);
  const client = await misled(files);
  files.set(BIG, `${pod('early')}---\n${pods(1500)}`);
  await written(client, BIG);
  await new Promise((resolve) => setTimeout(resolve, 20)); // the reading has begun
  files.set(BIG, pod('wbe'));
  await written(client, BIG);
  await client.until(URI, (all) => !isMisled(all));
  await new Promise((resolve) => setTimeout(resolve, 1000)); // an older reading that went on would be through by now
  const found = await client.rpc.sendRequest<SymbolInformation[] | null>('workspace/symbol', { query: 'early' });
  expect(found ?? []).toEqual([]);
});
