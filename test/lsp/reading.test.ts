import { expect, test } from 'vitest';
import type { Host } from '../../server/host/host.ts';
import { connect, hostOf, type Client } from './server.ts';

/* While the workspace is being read, nothing is said of what it does not have. */

const POLICY = `# expect: shop/web -> shop/db TCP/5432 allow
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
  egres: []
`;
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]}\n`;

const FILES = new Map([
  ['file:///w/policy.yaml', POLICY],
  ['file:///w/web.yaml', pod('web')],
  ['file:///w/db.yaml', pod('db')],
]);

interface SlowDisk {
  readonly host: Host;
  /** Lets the folders be listed. */
  readonly open: () => void;
}

/** A disk whose folders take until they are told to be read. */
function slowDisk(): SlowDisk {
  const host = hostOf(FILES);
  let open = (): void => undefined;
  const ready = new Promise<void>((resolve) => (open = resolve));
  return {
    open,
    host: {
      ...host,
      list: async function* (folder, places) {
        await ready;
        yield* host.list(folder, places);
      },
    },
  };
}

const uri = 'file:///w/policy.yaml';

async function hoverOf({ rpc }: Client): Promise<string> {
  const found = await rpc.sendRequest<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 5, character: 4 },
  });
  return found.contents.value;
}

test('only what the text itself says is reported before the workspace has been read; lenses wait', async () => {
  const { host, open } = slowDisk();
  const client = await connect({ host });
  client.open(uri, POLICY);
  await client.until(uri, (found) => found.some(({ code }) => code === 'unknown-field'));
  let lenses: readonly object[] | undefined;
  const asked = client.rpc.sendRequest<object[]>('textDocument/codeLens', { textDocument: { uri } }).then((found) => (lenses = found));
  expect(await hoverOf(client)).toContain('The workspace is still being read');
  await new Promise((resolve) => setTimeout(resolve, 150));
  const early = client.published.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  expect(new Set(early)).toEqual(new Set(['unknown-field']));
  expect(lenses).toBeUndefined();

  open();
  await asked;
  expect(lenses).toHaveLength(1);
  await expect.poll(() => hoverOf(client)).toContain('In this workspace: 1 workload');
  expect(await hoverOf(client)).not.toContain('still being read');
});

test('a client that pulls gets the same, and is told to ask again', async () => {
  const { host, open } = slowDisk();
  const client = await connect({ host, initializationOptions: { diagnostics: 'pull' } });
  const empty = POLICY.replace('app: db', 'app: bd').replace('  egres: []\n', '');
  client.open(uri, empty);
  const pull = async (): Promise<readonly string[]> => {
    const { items } = await client.rpc.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', { textDocument: { uri } });
    return items.map(({ code }) => code);
  };
  expect(await pull()).toEqual([]);
  const before = client.asked.filter((method) => method === 'workspace/diagnostic/refresh').length;
  open();
  await expect.poll(() => client.asked.filter((method) => method === 'workspace/diagnostic/refresh').length).toBeGreaterThan(before);
  await expect.poll(pull).toContain('selects-nothing');
});
