import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { graphSubjectsRequest, type ClusterEndpoint, type GraphSubjectChoice } from '../server/lsp/protocol.ts';
import { chosenCluster } from './cluster.ts';
import type { Reports } from './reports.ts';

interface EndItem extends QuickPickItem {
  readonly end?: ClusterEndpoint;
}

interface PortItem extends QuickPickItem {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

/** Asks for source, destination and port, then shows why the connection is allowed or denied. */
export async function explainConnection(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const chosen = await chosenCluster(client, reports.front());
  if (!chosen) return;
  const { question, endpoints } = chosen;
  const from = await pickEndpoint(endpoints, 'Who connects?');
  const to = from === undefined ? undefined : await pickEndpoint(endpoints, `${from} connects to?`);
  if (from === undefined || to === undefined) return;
  const port = await pickPort(endpoints.find((end) => end.name === to));
  if (!port) return;
  const what = { kind: 'explain', from, to, ...port } as const;
  await reports.show({ ...question, what });
}

/** Asks which workload, then shows every rule that binds it. */
export async function showEffectivePolicy(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const cluster = await chosenCluster(client, reports.front());
  if (!cluster) return;
  const { question, endpoints } = cluster;
  const chosen = await window.showQuickPick<EndItem>(
    endpoints.map((end) => ({ label: end.name, end })),
    { title: 'Effective policy of which workload?', ignoreFocusOut },
  );
  if (chosen?.end) await reports.show({ ...question, what: { kind: 'effective', key: chosen.end.key } });
}

/** Shows who may talk to whom in the cluster of the current file. */
export async function showConnections(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const chosen = await chosenCluster(client, reports.front());
  if (chosen) await reports.show({ ...chosen.question, what: { kind: 'matrix' } });
}

/** A report that arrives while a question is open takes the focus; the question stays until it is answered or cancelled. */
const ignoreFocusOut = true;

interface SubjectItem extends QuickPickItem {
  readonly choice?: GraphSubjectChoice;
}

/** Asks for a namespace, a workload or a policy, then shows its connections as a graph beside the text. */
export async function showGraph(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const cluster = await chosenCluster(client, reports.front());
  if (!cluster) return;
  const choices = await client.sendRequest<readonly GraphSubjectChoice[]>(graphSubjectsRequest, cluster.question);
  const items = choices.flatMap((choice, at): SubjectItem[] => [
    ...(choice.of === choices[at - 1]?.of ? [] : [{ label: HEADS[choice.of], kind: QuickPickItemKind.Separator }]),
    { label: choice.name, choice },
  ]);
  const chosen = await window.showQuickPick<SubjectItem>(items, {
    title: 'Graph of which namespace, workload or policy?',
    ignoreFocusOut,
  });
  if (chosen?.choice) await reports.show({ ...cluster.question, what: { kind: 'graph', of: chosen.choice.of, key: chosen.choice.key } });
}

const HEADS = { namespace: 'Namespaces', workload: 'Workloads', policy: 'Policies' } as const;

interface SinceItem extends QuickPickItem {
  readonly since: 'disk' | 'head';
}

/** Asks what to compare with, then shows what the edits of the workspace allow and deny. */
export async function showChanges(client: BaseLanguageClient, reports: Reports): Promise<void> {
  await client.start();
  const items: readonly SinceItem[] = [
    { label: 'Since HEAD', description: 'what differs from the last commit, unsaved edits included', since: 'head' },
    { label: 'Unsaved edits', description: 'what differs from the files on disk', since: 'disk' },
  ];
  const chosen = await window.showQuickPick<SinceItem>(items, { title: 'Which changes?', ignoreFocusOut });
  if (chosen) await reports.show({ uri: '', what: { kind: 'changes', since: chosen.since } });
}

async function pickEndpoint(endpoints: readonly ClusterEndpoint[], title: string): Promise<string | undefined> {
  const address = { label: '$(globe) An IP address outside the cluster…' };
  const chosen = await window.showQuickPick<EndItem>([...endpoints.map((end) => ({ label: end.name, end })), address], {
    title,
    ignoreFocusOut,
  });
  if (!chosen || chosen.end) return chosen?.end?.name;
  const typed = await window.showInputBox({
    title,
    ignoreFocusOut,
    prompt: 'IPv4 or IPv6 address',
    validateInput: (text) =>
      /^(\d{1,3}\.){3}\d{1,3}$|^[\da-f:.]*:[\da-f:.]*$/i.test(text.trim()) ? undefined : 'Write an address such as 192.0.2.1.',
  });
  return typed?.trim();
}

async function pickPort(end: ClusterEndpoint | undefined): Promise<{ protocol: 'TCP' | 'UDP' | 'SCTP'; port: number } | undefined> {
  const declared = (end?.ports ?? []).map(({ protocol, port, name }): PortItem => ({
    label: `${protocol} ${port}`,
    description: name ?? '',
    protocol,
    port,
  }));
  const other = { label: '$(edit) Another port…', protocol: 'TCP' as const, port: 0 };
  const chosen =
    declared.length === 0 ? other : await window.showQuickPick<PortItem>([...declared, other], { title: 'Which port?', ignoreFocusOut });
  if (!chosen || chosen.port > 0) return chosen && { protocol: chosen.protocol, port: chosen.port };
  const typed = await window.showInputBox({
    title: 'Which port?',
    ignoreFocusOut,
    prompt: 'A number, or protocol and number: UDP 53',
    validateInput: (text) => (portIn(text) ? undefined : 'Write a port from 1 to 65535, such as 443 or UDP 53.'),
  });
  return typed === undefined ? undefined : portIn(typed);
}

function portIn(text: string): { protocol: 'TCP' | 'UDP' | 'SCTP'; port: number } | undefined {
  const found = /^\s*(?:(TCP|UDP|SCTP)[\s/]+)?(\d{1,5})\s*$/i.exec(text);
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > 65_535) return undefined;
  const protocol = found[1]?.toUpperCase();
  return { protocol: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP', port };
}
