import { commands, window, type QuickPickItem } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  clustersRequest,
  endpointsRequest,
  type ClusterChoice,
  type ClusterEndpoint,
  type ClusterQuestion,
} from '../server/lsp/protocol.ts';

/** The cluster that a command is about. */
export interface ChosenCluster {
  /** Names it in requests. */
  readonly question: ClusterQuestion;
  /** Its workloads, of which there is at least one. */
  readonly endpoints: readonly ClusterEndpoint[];
}

interface ClusterItem extends QuickPickItem {
  readonly choice: ClusterChoice;
}

/**
 * The cluster of the `report` in front, or of the file, or the one that is chosen where the file is part of several; where it is part of none (no
 * file, a README), the only cluster of the workspace, or the one that is chosen of several. Nothing where there is none, which is said.
 */
export async function chosenCluster(client: BaseLanguageClient, report?: ClusterQuestion): Promise<ChosenCluster | undefined> {
  await client.start();
  const front = report ?? inEditor(client);
  if (front?.cluster !== undefined) return withEndpoints(client, { uri: front.uri, cluster: front.cluster });
  const own = front ? await clustersOf(client, front.uri) : [];
  const clusters = own.length > 0 ? own : await clustersOf(client);
  const [only, ...others] = clusters;
  if (!only) void offerTemplate();
  const chosen = only && others.length > 0 ? await pickCluster(clusters) : only;
  return chosen && withEndpoints(client, { uri: chosen.uri, cluster: chosen.cluster });
}

/** The file from which the cluster is looked at. */
function inEditor(client: BaseLanguageClient): ClusterQuestion | undefined {
  const document = window.activeTextEditor?.document;
  return document && { uri: client.code2ProtocolConverter.asUri(document.uri) };
}

async function clustersOf(client: BaseLanguageClient, uri?: string): Promise<readonly ClusterChoice[]> {
  return client.sendRequest<readonly ClusterChoice[]>(clustersRequest, uri === undefined ? {} : { uri });
}

async function withEndpoints(client: BaseLanguageClient, question: ClusterQuestion): Promise<ChosenCluster> {
  return { question, endpoints: await client.sendRequest<readonly ClusterEndpoint[]>(endpointsRequest, question) };
}

async function pickCluster(clusters: readonly ClusterChoice[]): Promise<ClusterChoice | undefined> {
  const items = clusters.map((choice): ClusterItem => ({ label: choice.title, description: choice.detail, choice }));
  return (await window.showQuickPick<ClusterItem>(items, { title: 'Which cluster?', matchOnDescription: true, ignoreFocusOut: true }))
    ?.choice;
}

/** What can be done where there is nothing to look at yet. */
async function offerTemplate(): Promise<void> {
  const template = 'New Policy from Template…';
  const chosen = await window.showInformationMessage('Netpol: the manifests of this workspace define no workloads.', template);
  if (chosen === template) await commands.executeCommand('netpol.newPolicyFromTemplate');
}
