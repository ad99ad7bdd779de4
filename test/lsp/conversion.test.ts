import { expect, test, vi } from 'vitest';
import type { CodeAction, WorkspaceEdit } from 'vscode-languageserver';
import { connect } from './server.ts';

const URI = 'file:///w/a.yaml';
const TEXT = `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: guard}
spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: other}
spec: {priority: 6, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: broken}
spec: {priority: 7, subject: {namespaces: {}}, ingress: [{action: Permit, from: [{namespaces: {}}]}]}
`;

const CAPABILITIES = {
  workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
  textDocument: {
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [''] } },
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
};

const asked = {
  textDocument: { uri: URI },
  range: { start: { line: 1, character: 8 }, end: { line: 1, character: 8 } },
  context: { diagnostics: [], only: ['refactor.rewrite'] },
};

/** The conversions that are offered, once the server has read the file: on a busy machine the first request may come before. */
function conversions(rpc: Awaited<ReturnType<typeof connect>>['rpc']): Promise<readonly CodeAction[]> {
  const offered = async (): Promise<readonly CodeAction[]> => {
    const actions = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', asked);
    const found = actions.filter(({ title }) => title.startsWith('Convert'));
    expect(found).not.toEqual([]);
    return found;
  };
  return vi.waitFor(offered, { timeout: 20_000, interval: 200 });
}

/** What the change says about itself, and the documents that it changes. */
function shown({ changeAnnotations, documentChanges }: WorkspaceEdit): object {
  return { annotations: Object.values(changeAnnotations ?? {}), documents: documentChanges?.length };
}

test('a conversion is shown before it is applied, with what it lacks; one of a file is worked out when it is chosen', async () => {
  const { rpc, open } = await connect({ capabilities: CAPABILITIES, initializationOptions: { diagnostics: 'pull' } });
  open(URI, TEXT);
  const messages: string[] = [];
  rpc.onNotification('window/showMessage', ({ message }: { message: string }) => void messages.push(message));
  const [one, all] = await conversions(rpc);
  expect(shown(one?.edit ?? {})).toMatchObject({
    annotations: [{ needsConfirmation: true, description: expect.stringMatching(/^Proved: same verdicts/) }],
    documents: 1,
  });
  expect(all).toMatchObject({ title: 'Convert 3 policies of this file to ClusterNetworkPolicy…' });
  expect(all?.edit).toBeUndefined();
  const chosen = await rpc.sendRequest<CodeAction>('codeAction/resolve', all);
  expect(shown(chosen.edit ?? {})).toMatchObject({
    annotations: [{ needsConfirmation: true, description: expect.stringContaining("Not converted: AdminNetworkPolicy 'broken'") }],
    documents: 1,
  });
  expect(messages).toEqual([expect.stringMatching(/^Not converted: AdminNetworkPolicy 'broken': .* is known in part only/)]);
});

test('without previews and late edits, only the conversion of the policy is offered, as a plain change', async () => {
  const { rpc, open } = await connect({ initializationOptions: { diagnostics: 'pull' } });
  open(URI, TEXT);
  expect((await conversions(rpc)).map(({ edit }) => Object.keys(edit?.changes ?? {}))).toEqual([[URI]]);
});
