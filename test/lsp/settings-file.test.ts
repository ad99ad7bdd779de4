import { expect, test } from 'vitest';
import { connect, type Client } from './server.ts';

const FILE = 'file:///w/.netpol.json';
const POLICY = 'file:///w/team/policy.yaml';
// A block with host bits set: rejected from Kubernetes 1.36 on.
const TEXT = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock: {cidr: 10.0.0.1/8}
`;

const codes = (found: readonly { readonly code?: unknown; readonly severity?: unknown }[]): readonly string[] =>
  found.map(({ code, severity }) => `${String(code)} ${String(severity)}`);

async function codesWith({ until }: Client, wanted: RegExp): Promise<readonly string[]> {
  return codes(await until(POLICY, (all) => codes(all).some((one) => wanted.test(one))));
}

test('the nearest .netpol.json holds for the files below it, and follows its file', async () => {
  const files = new Map([[POLICY, TEXT]]);
  const one = await connect({ files });
  one.open(POLICY, TEXT);
  await codesWith(one, /^cidr-host-bits 1$/);
  files.set(FILE, '{"kubernetesVersion": "1.30"}');
  await one.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: FILE, type: 1 }] });
  await codesWith(one, /^cidr-host-bits 2$/);
  files.delete(FILE);
  await one.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: FILE, type: 3 }] });
  await codesWith(one, /^cidr-host-bits 1$/);
});

test('it is read at the start, also from a folder above the workspace; what hides findings waits for trust', async () => {
  const files = new Map([
    [POLICY, TEXT],
    ['file:///.netpol.json', '{"kubernetesVersion": "1.30", "rules": {"cidr-host-bits": "off"}}'],
  ]);
  const one = await connect({ files, initializationOptions: { isTrusted: false } });
  one.open(POLICY, TEXT);
  await codesWith(one, /^cidr-host-bits 2$/);
  await one.rpc.sendNotification('netpol/client', { yamlExtension: false, isTrusted: true });
  await one.until(POLICY, (all) => !codes(all).some((each) => each.startsWith('cidr-host-bits')));
});

test('what is wrong in it is told at its place', async () => {
  const text = '{\n  "kubernetesVersion": "1.30",\n  "cilium": {"versoin": "1.16"},\n  "profile": "harsh"\n}\n';
  const one = await connect({ files: new Map([[FILE, text]]) });
  const found = await one.until(FILE, (all) => all.length === 2);
  expect(found.map(({ range, message }) => `${range.start.line}: ${message}`)).toMatchInlineSnapshot();
  one.open(FILE, '{"profile" "strict"}');
  expect((await one.until(FILE, (all) => all.length === 1))[0]?.message).toBe('This file is not JSON, so none of its settings apply.');
});
