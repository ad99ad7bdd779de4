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
    sendRequest: async (method: string, { uri }: { readonly uri?: string }) => {
      if (method !== 'netpol/clusters') return [{ name: 'a', ports: [], key: uri }];
      const own = clusters.filter((one) => uri === undefined || one.uri === uri);
      return own.map((one) => ({ ...one, cluster: `folder ${one.title}`, detail: '1 workload, no policies' }));
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
    expect((await chosenCluster(clientOf(PROD, TEST)))?.question.uri).toBe(TEST.uri);
    expect(desk.shown).toEqual([]);
  });

  test.each([
    ['no file', undefined],
    ['a README', textDocument('markdown', '', 'file:///w/README.md')],
  ])('with %s in front is the only one, without a question', async (_name, active) => {
    desk.active = active;
    expect(await chosenCluster(clientOf(PROD))).toMatchObject({
      question: { uri: PROD.uri, cluster: 'folder prod' },
      endpoints: [{ name: 'a' }],
    });
    expect(desk.shown).toEqual([]);
  });

  test('is asked for where there are several', async () => {
    desk.takes = 'test';
    expect((await chosenCluster(clientOf(PROD, TEST)))?.question.uri).toBe(TEST.uri);
    expect(desk.shown).toEqual(['prod: 1 workload, no policies; test: 1 workload, no policies']);
    desk.takes = undefined;
    expect(await chosenCluster(clientOf(PROD, TEST))).toBeUndefined();
  });

  test('is asked for where the file in front is part of several', async () => {
    desk.active = textDocument('yaml', '', PROD.uri);
    desk.takes = 'test';
    const shared = { title: 'test', uri: PROD.uri };
    expect((await chosenCluster(clientOf(PROD, shared, TEST)))?.question).toEqual({ uri: PROD.uri, cluster: 'folder test' });
    expect(desk.shown).toEqual(['prod: 1 workload, no policies; test: 1 workload, no policies']);
  });

  test('is none in an empty folder, which offers a template', async () => {
    desk.takes = 'New Policy from Template…';
    expect(await chosenCluster(clientOf())).toBeUndefined();
    await expect.poll(() => desk.ran).toEqual(['netpol.newPolicyFromTemplate']);
    expect(desk.shown).toEqual(['Netpol: the manifests of this workspace define no workloads. | New Policy from Template…']);
  });
});
