import { describe, expect, test } from 'vitest';
import { connect, type Client } from './server.ts';

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\n';

/** Replaces a range of an open document. */
async function change({ rpc }: Client, uri: string, version: number, start: Place, end: Place, text: string): Promise<void> {
  await rpc.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ range: { start, end }, text }],
  });
}

interface Place {
  readonly line: number;
  readonly character: number;
}

const place = (line: number, character: number): Place => ({ line, character });

/** The line and character at which the unknown field is reported, once it is. */
async function unknownField(client: Client, uri: string): Promise<string> {
  const found = await client.until(uri, (all) => all.some(({ code }) => code === 'unknown-field'));
  const [first] = found.filter(({ code }) => code === 'unknown-field');
  return first ? `${first.range.start.line}:${first.range.start.character}-${first.range.end.character}` : 'none';
}

test('positions are UTF-16 whatever the client offers, and that is what the server says', async () => {
  const params = { capabilities: { general: { positionEncodings: ['utf-8', 'utf-32', 'utf-16'] } } };
  const client = await connect(params);
  expect(client.capabilities.positionEncoding ?? 'utf-16').toBe('utf-16');
  client.open('file:///w/a.yaml', `${HEAD}  podSelector: {}\n  ingress: [{"😀": 1, x: 2}]\n`);
  const found = await client.until('file:///w/a.yaml', (all) => all.filter(({ code }) => code === 'unknown-field').length === 2);
  const starts = found.filter(({ code }) => code === 'unknown-field').map(({ range }) => range.start.character);
  // The emoji counts as two, its quotes as one each.
  expect(starts).toEqual([13, 22]);
});

describe('positions that are no places of the text are moved into it', () => {
  const URI = 'file:///w/a.yaml';
  test.each([
    ['past the end of the text', place(99, 0), place(99, 9), '  podSelectr: {}\n', '5:2-12'],
    ['past the end of a line', place(4, 99), place(4, 99), '\n  podSelectr: {}', '5:2-12'],
    ['negative', place(-1, -7), place(-1, 0), 'foo: 1\n', '0:0-3'],
    ['an end before its start', place(5, 0), place(3, 0), '  podSelectr: {}\n', '5:2-12'],
  ])('%s', async (_, start, end, text, expected) => {
    const client = await connect();
    client.open(URI, HEAD);
    await change(client, URI, 2, start, end, text);
    expect(await unknownField(client, URI)).toBe(expected);
    expect(await client.rpc.sendRequest('textDocument/hover', { textDocument: { uri: URI }, position: start })).toSatisfy(
      (answer) => answer === null || typeof answer === 'object',
    );
  });

  test('between the halves of a surrogate pair', async () => {
    const client = await connect();
    client.open(URI, `${HEAD}  podSelector: {} # 😀\n`);
    const position = place(5, '  podSelector: {} # '.length + 1);
    // What is behind the place becomes a comment, on whichever side of the character that is.
    await change(client, URI, 2, position, position, '\n  podSelectr: {} #');
    expect(await unknownField(client, URI)).toBe('6:2-12');
  });
});

describe('documents of every address are served', () => {
  test.each([
    'untitled:Untitled-1',
    'git:/w/a.yaml?ref',
    'vscode-vfs://github/o/r/a.yaml',
    'inmemory://model/1',
    'file:///c%3A/w/a.yaml',
    'file:///C:/w/a.yaml',
    'file:///%',
    '',
  ])("'%s'", async (uri) => {
    const client = await connect();
    client.open(uri, `${HEAD}  podSelectr: {}\n`);
    expect(await unknownField(client, uri)).toBe('5:2-12');
  });

  test('a new document sees the workspace; what a comparison shows of the past is no member of it', async () => {
    const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\n`;
    const client = await connect({ files: new Map([['file:///w/pod.yaml', pod('web')]]) });
    client.open('untitled:Untitled-1', pod('new'));
    client.open('git:/w/pod.yaml?ref', pod('old'));
    const names = async (): Promise<string> =>
      (await client.rpc.sendRequest<readonly { readonly name: string }[]>('workspace/symbol', { query: '' }))
        .map(({ name }) => name)
        .sort()
        .join(' ');
    await expect.poll(names).toBe('new web');
  });
});
