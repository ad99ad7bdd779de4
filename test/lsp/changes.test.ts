import { expect, test } from 'vitest';
import type { CodeLens } from 'vscode-languageserver';
import type { RemediationChoice, ReportText } from '../../server/lsp/protocol.ts';
import { connect, type Client } from './server.ts';

const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
`;
const policy = (name: string, from: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: ${from}}}
`;
const PODS = [pod('web'), pod('api'), pod('db')].join('---\n');
const POLICIES = 'file:///w/policies.yaml';
const ON_DISK = `${policy('db', 'web')}---\n${policy('other', 'nobody')}`;
const EDITED = `${policy('db', 'api')}---\n${policy('other', 'nobody')}`;

async function client(onDisk: string = ON_DISK): Promise<Client> {
  const one = await connect({
    files: new Map([
      ['file:///w/pods.yaml', PODS],
      [POLICIES, onDisk],
    ]),
  });
  await one.rpc.sendRequest('netpol/clusters', {}); // waits until the files have been read
  return one;
}

async function changeLenses({ rpc }: Client): Promise<readonly string[]> {
  const lenses = await rpc.sendRequest<readonly CodeLens[]>('textDocument/codeLens', { textDocument: { uri: POLICIES } });
  const resolved = await Promise.all(lenses.map((lens) => rpc.sendRequest<CodeLens>('codeLens/resolve', lens)));
  return resolved.flatMap(({ command }) => (/edit|HEAD/.test(command?.title ?? '') ? [command?.title ?? ''] : []));
}

test('an edit that is not saved says on its policy, and on no other, what it allows and denies', async () => {
  const one = await client();
  one.open(POLICIES, EDITED);
  await expect.poll(() => changeLenses(one)).toEqual(['This edit allows 1 connection and denies 1.']);
  await one.rpc.sendNotification('textDocument/didChange', {
    textDocument: { uri: POLICIES, version: 2 },
    contentChanges: [{ text: `# kept\n${ON_DISK}` }],
  });
  await expect.poll(() => changeLenses(one)).toEqual(['This edit changes no connection.']);
  await one.rpc.sendNotification('textDocument/didChange', {
    textDocument: { uri: POLICIES, version: 3 },
    contentChanges: [{ text: ON_DISK }],
  });
  await expect.poll(() => changeLenses(one)).toEqual([]);
});

test('what has been saved is compared with HEAD, where the client says what that has', async () => {
  const one = await client();
  one.open(POLICIES, EDITED);
  await one.rpc.sendNotification('netpol/head', {
    files: [{ uri: POLICIES, text: `${policy('db', 'nobody')}---\n${policy('other', 'nobody')}` }],
  });
  await expect
    .poll(() => changeLenses(one))
    .toEqual(['This edit allows 1 connection and denies 1.', 'The changes since HEAD allow 1 connection.']);
  await one.rpc.sendNotification('textDocument/didSave', { textDocument: { uri: POLICIES } });
  await expect.poll(() => changeLenses(one)).toEqual(['The changes since HEAD allow 1 connection.']);
  const ask = { uri: '', what: { kind: 'changes', since: 'head' }, html: true };
  const report = await one.rpc.sendRequest<ReportText>('netpol/report', ask);
  expect(report.text).toMatchInlineSnapshot(`
    "# Changes since HEAD

    From HEAD to the editor: 1 connection allowed.

    ## Cluster ./: 1 connection allowed.

    - **Allowed**: shop/api can now reach shop/db on all traffic.
      - allowed by shop/db, spec.ingress[0]
      - was isolated by shop/db
      - was isolated by shop/other
    "
  `);
  expect(report.html).toContain('<strong>Allowed</strong>: shop/api can now reach shop/db on all traffic.');
});

test('each policy that HEAD does not have is compared with a cluster without it', async () => {
  const one = await client();
  one.open(POLICIES, ON_DISK);
  await one.rpc.sendNotification('netpol/head', { files: [{ uri: POLICIES }] });
  await expect
    .poll(() => changeLenses(one))
    .toEqual(['The changes since HEAD allow 1 connection.', 'The changes since HEAD change no connection.']);
});

/** The sentence about the changes of one policy; `undefined` where there is nothing to compare. */
async function summaryOf({ rpc }: Client): Promise<string | undefined> {
  const ask = { uri: POLICIES, what: { kind: 'changes', since: 'disk', key: `${POLICIES}\nNetworkPolicy/shop/db\n0` } };
  return (await rpc.sendRequest<ReportText | null>('netpol/report', ask))?.text.split('\n\n')[1];
}

const HALF_TYPED = ['networking.k8s.io/v1', 'networking'] as const;

test('a policy is compared by its place while its apiVersion is half typed, and not at all once it is deleted', async () => {
  const one = await client();
  one.open(POLICIES, EDITED);
  await expect.poll(() => summaryOf(one)).toBe('From the files on disk to the editor: 1 connection allowed and 1 denied.');
  for (const [version, text, expected] of [
    [2, ON_DISK.replace(...HALF_TYPED), 'From the files on disk to the editor: 1 connection denied.'],
    [3, policy('other', 'nobody'), undefined],
  ] as const) {
    await one.rpc.sendNotification('textDocument/didChange', { textDocument: { uri: POLICIES, version }, contentChanges: [{ text }] });
    await expect.poll(() => summaryOf(one)).toBe(expected);
  }
});

test('the only policy of a file is compared while its apiVersion is half typed', async () => {
  const one = await client(policy('db', 'web'));
  one.open(POLICIES, policy('db', 'web').replace(...HALF_TYPED));
  await expect.poll(() => summaryOf(one)).toBe('From the files on disk to the editor: 2 connections allowed.'); // from shop/api and from outside
});

test('the report of one policy names its kind as sentences do', async () => {
  const calico = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: db, namespace: shop}\nspec: {selector: all()}\n';
  const one = await client(calico);
  one.open(POLICIES, calico);
  const ask = { uri: POLICIES, what: { kind: 'changes', since: 'disk', key: `${POLICIES}\nNetworkPolicy.calico/shop/db\n0` } };
  const title = async (): Promise<string | undefined> => (await one.rpc.sendRequest<ReportText | null>('netpol/report', ask))?.title;
  await expect.poll(title).toBe('Changes of Calico NetworkPolicy shop/db since the files on disk');
});

test('an answer is kept as an expectation, once', async () => {
  const one = await client();
  one.open(POLICIES, ON_DISK);
  const question = { uri: POLICIES, what: { kind: 'explain', from: 'shop/api', to: 'shop/db', protocol: 'TCP', port: 80 } };
  const kept = await one.rpc.sendRequest<RemediationChoice>('netpol/keepExpectation', question);
  const [edit] = kept.changes[POLICIES] ?? [];
  expect(edit).toEqual({
    range: { start: { line: 9, character: 0 }, end: { line: 9, character: 0 } },
    newText: '# expect: shop/api -> shop/db TCP/80 deny\n',
  });
  const text = ON_DISK.replace('---\n', `---\n${edit?.newText ?? ''}`);
  await one.rpc.sendNotification('textDocument/didChange', { textDocument: { uri: POLICIES, version: 2 }, contentChanges: [{ text }] });
  await expect.poll(() => one.rpc.sendRequest('netpol/keepExpectation', question)).toBeNull();
});

test('a graph lists in its table what it draws, and marks what it is about', async () => {
  const one = await client();
  one.open(POLICIES, ON_DISK);
  const ask = { uri: POLICIES, what: { kind: 'graph', of: 'namespace', key: 'shop' }, html: true };
  const { html = '' } = await one.rpc.sendRequest<ReportText>('netpol/report', ask);
  const drawn = [...html.matchAll(/<g class="edge"><title>(.*?): /g)].map(([, pair]) => pair);
  const listed = [...html.matchAll(/<tr data-from="(.*?)" data-to="(.*?)" [^>]*data-verdict="allow"/g)].map(
    ([, from, to]) => `${from} → ${to}`,
  );
  expect(drawn.length).toBeGreaterThan(2);
  expect(new Set(drawn)).toEqual(new Set(listed));
  expect(html).toMatch(/<a href="file:\/\/\/w\/pods\.yaml#L\d+"[^>]*><title>shop\/db\[Pod\]/);
});
