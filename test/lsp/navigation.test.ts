import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { MessageConnection } from 'vscode-languageserver/node';
import { fixture } from '../fixture.ts';
import { NAMESPACES, OTHERS, POLICIES, WEB } from '../features/shop.ts';
import { connect } from './server.ts';

const FOLDER = 'file:///workspace';
const files = fixture([NAMESPACES, WEB, OTHERS, POLICIES].join('')).files.map(({ name, text }) => ({ uri: `${FOLDER}/${name}`, text }));

let client: MessageConnection;

beforeAll(async () => {
  const capabilities = { textDocument: { definition: { linkSupport: true } }, workspace: { workspaceEdit: { documentChanges: true } } };
  const { rpc } = await connect({
    files: new Map(files.map(({ uri, text }) => [uri, text])),
    capabilities,
    params: { rootUri: FOLDER, workspaceFolders: [{ uri: FOLDER, name: 'workspace' }] },
  });
  client = rpc;
  for (const { uri, text } of files.filter((file) => file.uri.endsWith('policies.yaml')))
    await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 7, text } });
  // The workspace is read behind the scenes.
  await vi.waitFor(async () => expect(await client.sendRequest<unknown[]>('workspace/symbol', { query: '' })).toHaveLength(8));
});

afterAll(() => client.dispose());

/** The place of a text in policies.yaml. */
function at(text: string): object {
  const { uri = '', text: whole = '' } = files.find((file) => file.uri.endsWith('policies.yaml')) ?? {};
  const before = whole.slice(0, whole.indexOf(text)).split('\n');
  return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
}

interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The text that an answer means: its file, and the line with the words in brackets. */
function shown(uri: string, { start, end }: Range): string {
  const line = files.find((file) => file.uri === uri)?.text.split('\n')[start.line] ?? '';
  return `${uri.slice(FOLDER.length + 1)}: ${line.slice(0, start.character)}[${line.slice(start.character, end.character)}]${line.slice(end.character)}`;
}

const OWN = `${FOLDER}/policies.yaml`;

test('definition, with links', async () => {
  const links = await client.sendRequest<{ targetUri: string; targetSelectionRange: Range; originSelectionRange: Range }[]>(
    'textDocument/definition',
    at("'web'"),
  );
  expect(links.map((link) => `${shown(OWN, link.originSelectionRange)} -> ${shown(link.targetUri, link.targetSelectionRange)}`))
    .toMatchInlineSnapshot(`
    [
      "policies.yaml:           app: ['web'] -> others.yaml:     app: [web]",
    ]
  `);
});

test('references and highlights', async () => {
  const ask = (includeDeclaration: boolean): Promise<{ uri: string; range: Range }[]> =>
    client.sendRequest('textDocument/references', { ...at("'web'"), context: { includeDeclaration } });
  expect((await ask(false)).map(({ uri, range }) => shown(uri, range))).toMatchInlineSnapshot(`
    [
      "policies.yaml:           app: ['web']",
    ]
  `);
  expect((await ask(true)).map(({ uri, range }) => shown(uri, range))).toMatchInlineSnapshot(`
    [
      "others.yaml:     app: [web]",
      "policies.yaml:           app: ['web']",
    ]
  `);
  const lit = await client.sendRequest<{ range: Range; kind: number }[]>('textDocument/documentHighlight', at("'web'"));
  expect(lit.map(({ range, kind }) => `${kind} ${shown(OWN, range)}`)).toMatchInlineSnapshot(`
    [
      "2 policies.yaml:           app: ['web']",
    ]
  `);
});

test('renaming: versions of open documents, none for others', async () => {
  const prepared = await client.sendRequest<{ range: Range; placeholder: string }>('textDocument/prepareRename', at("'web'"));
  expect(`${prepared.placeholder} at ${shown(OWN, prepared.range)}`).toMatchInlineSnapshot(
    `"web at policies.yaml:           app: '[web]'"`,
  );
  const { documentChanges } = await client.sendRequest<{
    documentChanges: { textDocument: { uri: string; version: number | null }; edits: { range: Range; newText: string }[] }[];
  }>('textDocument/rename', { ...at("'web'"), newName: 'front' });
  expect(
    documentChanges.flatMap(({ textDocument: { uri, version }, edits }) =>
      edits.map(({ range, newText }) => `version ${version}  ${shown(uri, range)} -> ${newText}`),
    ),
  ).toMatchInlineSnapshot(`
    [
      "version null  others.yaml:     app: [web] -> front",
      "version 7  policies.yaml:           app: ['web'] -> 'front'",
    ]
  `);
});

test('a refusal is a failed request with a sentence', async () => {
  await expect(client.sendRequest('textDocument/prepareRename', at('80'))).rejects.toThrow(/Only names of ports can be renamed\.$/);
  await expect(client.sendRequest('textDocument/rename', { ...at("'web'"), newName: 'a b' })).rejects.toThrow(/cannot be a label value/);
});

test('symbols of the workspace', async () => {
  const symbols = await client.sendRequest<{ name: string; containerName: string; location: { uri: string; range: Range } }[]>(
    'workspace/symbol',
    { query: 'api' },
  );
  expect(symbols.map(({ name, containerName, location: { uri, range } }) => `${name}, ${containerName}, ${shown(uri, range)}`))
    .toMatchInlineSnapshot(`
    [
      "api, shop (Pod), others.yaml:   name: [api]",
      "api-to-data, shop (NetworkPolicy), policies.yaml:   name: [api-to-data]",
    ]
  `);
});
