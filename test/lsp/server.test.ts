import { describe, expect, test } from 'vitest';
import type { CodeAction, CodeLens, CompletionItem, Hover } from 'vscode-languageserver';
import { connect } from './server.ts';

const URI = 'file:///w/web.yaml';
const policy = (spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  ${spec}\n`;
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;
const edit = (line: number, start: number, end: number, text: string, version: number): object => ({
  textDocument: { uri: URI, version },
  contentChanges: [{ range: { start: { line, character: start }, end: { line, character: end } }, text }],
});

describe('diagnostics', () => {
  test('come with the version, go when repaired, and go when the document is closed', async () => {
    const { rpc, open, until, published } = await connect();
    open(URI, policy('podselector: {}'), 7);
    expect((await until(URI, (all) => all.length > 0)).map(({ code }) => code)).toContain('unknown-field');
    expect(published.at(-1)?.version).toBe(7);
    await rpc.sendNotification('textDocument/didChange', edit(6, 5, 6, 'S', 8));
    await until(URI, (all) => !all.some(({ code }) => code === 'unknown-field'));
    await rpc.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
    await until(URI, (all) => all.length === 0);
  });

  test('of the first manifests of a large file come first, and all of them follow with the same version', async () => {
    const { open, until, published } = await connect();
    const text = Array.from({ length: 60 }, (_, i) => policy('podselector: {}').replace('name: web', `name: web${i}`)).join('---\n');
    open(URI, text, 3);
    const unknown = (all: readonly { readonly code?: unknown }[]): number => all.filter(({ code }) => code === 'unknown-field').length;
    await until(URI, (all) => unknown(all) === 60);
    const [first] = published;
    expect(first?.diagnostics.length).toBeGreaterThan(0);
    expect(unknown(first?.diagnostics ?? [])).toBeLessThan(60);
    expect(published.map(({ version }) => version)).toEqual(published.map(() => 3));
  });

  test('are not pushed to a client that asks for them', async () => {
    const { rpc, open, published } = await connect({ initializationOptions: { diagnostics: 'pull' } });
    open(URI, policy('podselector: {}'));
    const report = await rpc.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', { textDocument: { uri: URI } });
    expect(report.items.map(({ code }) => code)).toContain('unknown-field');
    expect(published).toEqual([]);
  });

  test('leave plain YAML errors to another extension, and ours stay', async () => {
    const { open, until } = await connect({ initializationOptions: { yamlExtension: true } });
    open(URI, `${policy('podselector: {}')}  bad: "x\n`);
    const found = await until(URI, (all) => all.length > 0);
    expect(found.map(({ code }) => code)).not.toContain('yaml-quote');
  });

  test('know the rest of the workspace, and what is not saved yet', async () => {
    const client = await connect({ files: new Map([['file:///w/pods.yaml', `${pod('web')}---\n${pod('db')}`]]) });
    client.open(URI, policy('podSelector: {matchLabels: {app: wbe}}\n  policyTypes: [Ingress]'));
    const found = await client.until(URI, (all) => all.some(({ message }) => JSON.stringify(message).includes('app=web')));
    expect(found.length).toBeGreaterThan(0);
    await client.rpc.sendNotification('textDocument/didOpen', {
      textDocument: { uri: 'file:///w/pods.yaml', languageId: 'yaml', version: 1, text: pod('wbe') },
    });
    await client.until(URI, (all) => !all.some(({ message }) => JSON.stringify(message).includes('app=web')));
  });

  test('follow the settings of the client', async () => {
    const { open, until } = await connect({ settings: { rules: { 'unknown-field': 'off' } } });
    open(URI, policy('podSelector: {}\n  nonsense: 1\n  policyTypes: [Sideways]'));
    const found = await until(URI, (all) => all.length === 1);
    expect(found[0]?.code).toBe('unsupported-value');
  });
});

describe('answers', () => {
  test('hover, completion, symbols, actions, lenses, reports', async () => {
    const { rpc, open, until } = await connect({ files: new Map([['file:///w/pods.yaml', `${pod('web')}---\n${pod('db')}`]]) });
    open(URI, policy('podselector: {}\n  '));
    await until(URI, (all) => all.some(({ code }) => code === 'unknown-field'));
    const textDocument = { uri: URI };
    const at = (line: number, character: number): object => ({ textDocument, position: { line, character } });

    expect(JSON.stringify(await rpc.sendRequest<Hover>('textDocument/hover', at(1, 8)))).toContain('NetworkPolicy');
    expect((await rpc.sendRequest<CompletionItem[]>('textDocument/completion', at(7, 2))).map(({ label }) => label)).toContain(
      'policyTypes',
    );
    expect(await rpc.sendRequest('textDocument/documentSymbol', { textDocument })).toMatchObject([
      { name: expect.stringContaining('web') },
    ]);
    expect(await rpc.sendRequest('textDocument/foldingRange', { textDocument })).not.toEqual([]);

    const range = { start: { line: 6, character: 3 }, end: { line: 6, character: 3 } };
    const actions = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
    expect(actions.map(({ kind, title }) => `${kind}: ${title}`)).toContain("quickfix: Change to 'podSelector'");
    const fixes = actions.filter(({ kind }) => kind === 'source.fixAll.netpol').map(({ title }) => title);
    expect(fixes).toEqual(["Fix all that is safe: Change to 'podSelector' (line 7)"]);

    const [lens] = await rpc.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument });
    const resolved = await rpc.sendRequest<CodeLens>('codeLens/resolve', lens);
    expect(resolved.command?.title).toContain('Selects 2 workloads');
    const report = await rpc.sendRequest<{ text: string; links: object[] }>('netpol/report', resolved.command?.arguments?.[0]);
    expect(report.text).toContain('shop/web[Pod]');
    expect(report.links.length).toBeGreaterThan(0);
    const why = await rpc.sendRequest<{ title: string }>('netpol/report', {
      uri: URI,
      what: { kind: 'explain', from: 'shop/web', to: 'shop/db', protocol: 'TCP', port: 80 },
    });
    expect(why.title).toContain('denied');
  });

  test('a repair that is a rewrite as well is offered once, and says who loses access', async () => {
    const { rpc, open, until } = await connect();
    const peers =
      'ingress:\n  - from:\n    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}\n    - podSelector: {matchLabels: {app: db}}';
    open(
      URI,
      [policy(`podSelector: {matchLabels: {app: web}}\n  policyTypes: [Ingress]\n  ${peers}`), pod('web'), pod('db'), pod('api')].join(
        '---\n',
      ),
    );
    await until(URI, (all) => all.some(({ code }) => code === 'suspected-or'));
    const at = { line: 11, character: 8 };
    const asked = { textDocument: { uri: URI }, range: { start: at, end: at }, context: { diagnostics: [] } };
    const actions = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', asked);
    expect(actions.filter(({ title }) => title.includes('AND')).map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      'quickfix: Merge into one peer (AND): 1 workload loses access (shop/api)',
    ]);
    const only = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', {
      ...asked,
      context: { diagnostics: [], only: ['refactor'] },
    });
    expect(only.map(({ kind }) => kind)).toEqual(['refactor.rewrite']);
    const fixes = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', {
      ...asked,
      context: { diagnostics: [], only: ['quickfix'] },
    });
    expect(fixes.map(({ title }) => title)).toContain('Merge into one peer (AND): 1 workload loses access (shop/api)');
    expect(fixes.every(({ kind }) => kind === 'quickfix')).toBe(true);
  });

  test('a colon opens no list: the Enter after it starts a line, it does not choose an empty value', async () => {
    const { capabilities } = await connect();
    expect(capabilities.completionProvider?.triggerCharacters).toContain(' ');
    expect(capabilities.completionProvider?.triggerCharacters).not.toContain(':');
  });

  test('a report about nothing, and nonsense, are answered too', async () => {
    const { rpc } = await connect();
    expect(await rpc.sendRequest('netpol/report', { uri: URI, what: { kind: 'policy', key: 'nothing' } })).toBeNull();
    await expect(rpc.sendRequest('workspace/executeCommand', { command: 'netpol.showReport', arguments: [{ uri: 1 }] })).rejects.toThrow(
      'netpol.showReport',
    );
    expect(
      await rpc.sendRequest('textDocument/hover', { textDocument: { uri: 'file:///w/unknown.yaml' }, position: { line: 0, character: 0 } }),
    ).toBeNull();
  });
});
