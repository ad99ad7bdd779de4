import { commands, window, type QuickPickItem } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { clustersRequest, endpointsRequest, type ClusterChoice, type ClusterEndpoint } from '../server/lsp/protocol.ts';
import { clusterUri } from './reports.ts';

/** The cluster that a command is about. */
export interface ChosenCluster {
  /** A file that stands for it. */
  readonly uri: string;
  /** Its workloads, of which there is at least one. */
  readonly endpoints: readonly ClusterEndpoint[];
}

interface ClusterItem extends QuickPickItem {
  readonly choice: ClusterChoice;
}

/**
 * The cluster of the file in front; where that says nothing about it (no file, a README), the only cluster of the workspace, or the one
 * that is chosen of several. Nothing where there is none, which is said.
 */
export async function chosenCluster(client: BaseLanguageClient): Promise<ChosenCluster | undefined> {
  await client.start();
  const active = clusterUri(client, window.activeTextEditor?.document);
  const own = active === '' ? [] : await endpointsOf(client, active);
  if (own.length > 0) return { uri: active, endpoints: own };
  const clusters = await client.sendRequest<readonly ClusterChoice[]>(clustersRequest, {});
  const [only, ...others] = clusters;
  const chosen = only && others.length === 0 ? only : only && (await pickCluster(clusters));
  if (!only) void offerTemplate();
  return chosen && { uri: chosen.uri, endpoints: await endpointsOf(client, chosen.uri) };
}

async function endpointsOf(client: BaseLanguageClient, uri: string): Promise<readonly ClusterEndpoint[]> {
  return client.sendRequest<readonly ClusterEndpoint[]>(endpointsRequest, { uri });
}

async function pickCluster(clusters: readonly ClusterChoice[]): Promise<ClusterChoice | undefined> {
  const items = clusters.map((choice): ClusterItem => ({ label: choice.title, description: choice.detail, choice }));
  return (await window.showQuickPick<ClusterItem>(items, { title: 'Which cluster?', matchOnDescription: true }))?.choice;
}

/** What can be done where there is nothing to look at yet. */
async function offerTemplate(): Promise<void> {
  const template = 'New Policy from Template…';
  const chosen = await window.showInformationMessage('Netpol: the manifests of this workspace define no workloads.', template);
  if (chosen === template) await commands.executeCommand('netpol.newPolicyFromTemplate');
}
