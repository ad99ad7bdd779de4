import { beforeEach, describe, expect, test } from 'vitest';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { chosenCluster } from '../../client/cluster.ts';
import { desk, textDocument } from './vscode.ts';

interface Known {
  readonly title: string;
  readonly uri: string;
}

/** A client whose server knows these clusters; each has one workload, and is looked at from any file in its folder. */
function clientOf(...clusters: readonly Known[]): BaseLanguageClient {
  const client: object = {
    start: async () => undefined,
    code2ProtocolConverter: { asUri: String },
    sendRequest: async (method: string, { uri }: { readonly uri: string }) => {
      if (method === 'netpol/clusters') return clusters.map((one) => ({ ...one, detail: '1 workload, no policies' }));
      return clusters.some((one) => one.uri === uri) ? [{ name: 'a', ports: [], key: uri }] : [];
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a few members stand for the hundred of the real one
  return client as BaseLanguageClient;
}

const PROD = { title: 'prod', uri: 'file:///w/prod/a.yaml' };
const TEST = { title: 'test', uri: 'file:///w/test/a.yaml' };

beforeEach(() => {
  desk.active = undefined;
  desk.takes = undefined;
  desk.shown = [];
  desk.ran = [];
});

describe('the cluster that a command is about', () => {
  test('is that of the file in front', async () => {
    desk.active = textDocument('yaml', '', TEST.uri);
    expect((await chosenCluster(clientOf(PROD, TEST)))?.uri).toBe(TEST.uri);
    expect(desk.shown).toEqual([]);
  });

  test.each([
    ['no file', undefined],
    ['a README', textDocument('markdown', '', 'file:///w/README.md')],
  ])('with %s in front is the only one, without a question', async (_name, active) => {
    desk.active = active;
    expect(await chosenCluster(clientOf(PROD))).toMatchObject({ uri: PROD.uri, endpoints: [{ name: 'a' }] });
    expect(desk.shown).toEqual([]);
  });

  test('is asked for where there are several', async () => {
    desk.takes = 'test';
    expect((await chosenCluster(clientOf(PROD, TEST)))?.uri).toBe(TEST.uri);
    expect(desk.shown).toEqual(['prod: 1 workload, no policies; test: 1 workload, no policies']);
    desk.takes = undefined;
    expect(await chosenCluster(clientOf(PROD, TEST))).toBeUndefined();
  });

  test('is none in an empty folder, which offers a template', async () => {
    desk.takes = 'New Policy from Template…';
    expect(await chosenCluster(clientOf())).toBeUndefined();
    await expect.poll(() => desk.ran).toEqual(['netpol.newPolicyFromTemplate']);
    expect(desk.shown).toEqual(['Netpol: the manifests of this workspace define no workloads. | New Policy from Template…']);
  });
});
