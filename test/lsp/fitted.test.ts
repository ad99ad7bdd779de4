import { describe, expect, test } from 'vitest';
import type { CodeAction, Command, CompletionItem, Diagnostic, DocumentSymbol, Hover, SymbolInformation } from 'vscode-languageserver';
import { plainText } from '../../server/base/plain-text.ts';
import { ABLE, connect, type Client } from './server.ts';

/* Answers are fitted to what the client announced; a client that announces nothing gets the smallest form that the protocol has. */

const URI = 'file:///w/a.yaml';
const TEXT = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podselector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
  - from:
    - podSelector: {matchLabels: {app: web}}
  
`;
const textDocument = { uri: URI };

async function opened(capabilities: unknown): Promise<Client> {
  const client = await connect({ capabilities, settings: { profile: 'audit' }, files: new Map() });
  client.open(URI, TEXT);
  await client.until(URI, (all) => all.some(({ code }) => code === 'redundant-rule' || code === 'duplicate-item'));
  return client;
}

describe.each([
  ['able', ABLE, true],
  ['knows nothing', {}, false],
])('a client that %s', (_name, capabilities, able) => {
  test('diagnostics with related places, pages and tags', async () => {
    const client = await opened(capabilities);
    const all = client.published.flatMap(({ diagnostics }): readonly Diagnostic[] => diagnostics);
    for (const field of ['relatedInformation', 'codeDescription', 'tags'] as const)
      expect(all.some((one) => one[field] !== undefined)).toBe(able);
  });

  test('hovers and the documentation of completions in Markdown', async () => {
    const { rpc } = await opened(capabilities);
    const hover = await rpc.sendRequest<Hover>('textDocument/hover', { textDocument, position: { line: 8, character: 8 } });
    expect(hover.contents).toMatchObject({ kind: able ? 'markdown' : 'plaintext' });
    const items = await rpc.sendRequest<CompletionItem[]>('textDocument/completion', {
      textDocument,
      position: { line: 11, character: 2 },
    });
    expect(items.length).toBeGreaterThan(0);
    for (const { documentation } of items) expect(documentation).toMatchObject({ kind: able ? 'markdown' : 'plaintext' });
    if (!able) expect(JSON.stringify([hover, items.map(({ documentation }) => documentation)])).not.toMatch(/\*\*|\]\(|`/);
  });

  test('symbols that are nested, or in one row with their containers', async () => {
    const { rpc } = await opened(capabilities);
    const symbols = await rpc.sendRequest<(DocumentSymbol | SymbolInformation)[]>('textDocument/documentSymbol', { textDocument });
    const [first] = symbols;
    expect(first).toHaveProperty(able ? 'selectionRange' : 'location');
    if (!able) expect(symbols.filter((symbol) => 'containerName' in symbol).length).toBeGreaterThan(2);
  });

  test('code actions as literals, or none', async () => {
    const { rpc, capabilities: announced } = await opened(capabilities);
    const range = { start: { line: 4, character: 3 }, end: { line: 4, character: 3 } };
    const actions = await rpc.sendRequest<(CodeAction | Command)[]>('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics: [] },
    });
    expect(actions.length > 0).toBe(able);
    expect(announced.executeCommandProvider?.commands.includes('netpol.applyEdit')).toBe(!able);
  });
});

test('a client that knows commands only is asked to apply the edit of the one it runs', async () => {
  const client = await opened({ workspace: { applyEdit: true } });
  const range = { start: { line: 4, character: 3 }, end: { line: 4, character: 3 } };
  const commands = await client.rpc.sendRequest<Command[]>('textDocument/codeAction', {
    textDocument,
    range,
    context: { diagnostics: [] },
  });
  const change = commands.find(({ title }) => title.includes('podSelector'));
  expect(change).toMatchObject({ command: 'netpol.applyEdit' });
  let applied: unknown;
  client.rpc.onRequest('workspace/applyEdit', ({ edit }: { edit: unknown }) => ((applied = edit), { applied: true }));
  expect(await client.rpc.sendRequest('workspace/executeCommand', change)).toEqual({ applied: true });
  expect(JSON.stringify(applied)).toContain('podSelector');
});

test.each([
  ['**Isolates** pods with `app=web` in _shop_.', 'Isolates pods with app=web in shop.'],
  ['See [the page](https://example.com/a_b).', 'See the page (https://example.com/a_b).'],
  ['a\\*b \\[x\\] snake_case_name `with_under *stars*`', 'a*b [x] snake_case_name with_under *stars*'],
  ['```yaml\nfoo: "**x**"\n```\nafter', 'foo: "**x**"\nafter'],
  ['| from | to |\n| --- | --- |\n| `a` | b |', '| from | to |\n| a | b |'],
  ['- one\n- `` a`b ``', '- one\n- a`b'],
])('plain text of %j', (markdown, text) => expect(plainText(markdown)).toBe(text));
