import { beforeEach, describe, expect, test } from 'vitest';
import { onDemand } from '../../client/on-demand.ts';
import { desk, textDocument } from './vscode.ts';

const PACKAGE = '{"name": "x", "keywords": ["kubernetes"]}';
const POLICY = '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}';

beforeEach(() => {
  desk.documents = [];
  desk.found = [];
});

/** How often the server is started, once everything that is under way is done. */
async function starts(then: () => void = () => undefined): Promise<number> {
  let count = 0;
  const held = onDemand(() => void count++);
  await Promise.resolve();
  then();
  await new Promise((resolve) => setImmediate(resolve));
  held.dispose();
  return count;
}

describe('the server is started', () => {
  test('not for a package.json, whether it is there or is opened', async () => {
    desk.documents = [textDocument('json', PACKAGE)];
    expect(await starts()).toBe(0);
    expect(await starts(() => desk.opened.fire(textDocument('jsonc', PACKAGE)))).toBe(0);
    expect(await starts(() => desk.opened.fire(textDocument('markdown', POLICY)))).toBe(0);
  });

  test.each([
    ['yaml', ''],
    ['helm', ''],
    ['json', POLICY],
    ['jsonc', POLICY],
  ])('for %s that says %j, there or opened later, and once only', async (language, text) => {
    const document = textDocument(language, text);
    expect(await starts(() => [document, document].forEach(desk.opened.fire))).toBe(1);
    desk.documents = [document, document];
    expect(await starts(() => desk.opened.fire(document))).toBe(1);
  });

  test('when JSON becomes a policy while it is typed', async () => {
    const document = textDocument('json', POLICY);
    const type = (text: string): void => desk.changed.fire({ document, contentChanges: [{ range: { start: { line: 0 } }, text }] });
    expect(await starts(() => ['1', '2'].forEach(type))).toBe(1);
  });

  test('in a folder with manifests', async () => {
    desk.found = ['file:///w/kustomization.yaml'];
    expect(await starts()).toBe(1);
  });
});
