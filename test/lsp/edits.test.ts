import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineIndex, positionAt } from '../../server/base/lines.ts';
import { connect, type Client } from './server.ts';

const URI = 'file:///w/edited.yaml';
const TEXT = `apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
      ports:
        - port: 80
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - {action: Deny, from: [{namespaces: {}}]}
`;

async function answers({ rpc }: Client): Promise<unknown> {
  const textDocument = { uri: URI };
  return {
    diagnostics: await rpc.sendRequest('textDocument/diagnostic', { textDocument }),
    symbols: await rpc.sendRequest('textDocument/documentSymbol', { textDocument }),
    lenses: await rpc.sendRequest('textDocument/codeLens', { textDocument }),
  };
}

const snippet = fc.oneof(
  fc.constantFrom('---\n', '\n', '- ', '  ', 'x', ':', 'app: web\n', '{', '}', '"', '#', '\r\n', 'kind: List\n', '{{ x }}'),
  fc.string({ maxLength: 4 }),
);
const step = fc.record({ at: fc.nat(), length: fc.oneof(fc.nat(2), fc.nat(60)), text: snippet });

test('after any sequence of edits the server answers as if it had just been started', async () => {
  const options = { initializationOptions: { diagnostics: 'pull' } };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const edited = await connect(options);
      edited.open(URI, TEXT);
      let text = TEXT;
      for (const [i, { at, length, text: inserted }] of steps.entries()) {
        const from = at % (text.length + 1);
        const to = Math.min(text.length, from + length);
        const index = lineIndex(text);
        const [start, end] = [positionAt(index, from), positionAt(index, to)];
        // Positions cannot point between the two characters of a line end; leave such steps out.
        if (splitsLineEnd(text, from) || splitsLineEnd(text, to)) continue;
        await edited.rpc.sendNotification('textDocument/didChange', {
          textDocument: { uri: URI, version: i + 2 },
          contentChanges: [{ range: { start, end }, text: inserted }],
        });
        text = text.slice(0, from) + inserted + text.slice(to);
      }
      const fresh = await connect(options);
      fresh.open(URI, text);
      expect(await answers(edited)).toEqual(await answers(fresh));
      edited.rpc.dispose();
      fresh.rpc.dispose();
    }),
    { numRuns: 60 },
  );
});

function splitsLineEnd(text: string, offset: number): boolean {
  return text[offset - 1] === '\r' && text[offset] === '\n';
}
