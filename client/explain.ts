import { window, type QuickPickItem } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { endsRequest, type ClusterEnd } from '../server/lsp/protocol.ts';
import type { Reports } from './reports.ts';

interface EndItem extends QuickPickItem {
  readonly end?: ClusterEnd;
}

interface PortItem extends QuickPickItem {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

/** Asks for source, destination and port, then shows why the connection is allowed or denied. */
export async function explainConnection(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const uri = activeUri(client);
  const ends = await endsOf(client, uri);
  const from = await pickEnd(ends, 'Who connects?');
  const to = from === undefined ? undefined : await pickEnd(ends, `${from}: to whom?`);
  if (from === undefined || to === undefined) return;
  const port = await pickPort(ends.find((end) => end.name === to));
  if (port) await reports.show({ uri, what: { kind: 'explain', from, to, ...port } });
}

/** Asks which workload, then shows every rule that binds it. */
export async function showEffectivePolicy(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const uri = activeUri(client);
  const ends = await endsOf(client, uri);
  const chosen = await window.showQuickPick<EndItem>(
    ends.map((end) => ({ label: end.name, end })),
    { title: 'Effective policy of which workload?' },
  );
  if (chosen?.end) await reports.show({ uri, what: { kind: 'effective', key: chosen.end.key } });
}

/** Shows who may talk to whom in the cluster of the current file. */
export async function showConnections(client: BaseLanguageClient, reports: Reports): Promise<void> {
  await reports.show({ uri: activeUri(client), what: { kind: 'matrix' } });
}

function activeUri(client: BaseLanguageClient): string {
  const document = window.activeTextEditor?.document;
  return document ? client.code2ProtocolConverter.asUri(document.uri) : '';
}

async function endsOf(client: BaseLanguageClient, uri: string): Promise<readonly ClusterEnd[]> {
  const ends = await client.sendRequest<readonly ClusterEnd[]>(endsRequest, { uri });
  if (ends.length === 0) void window.showInformationMessage('Netpol: open a file of the cluster first; none of its workloads are known here.');
  return ends;
}

async function pickEnd(ends: readonly ClusterEnd[], title: string): Promise<string | undefined> {
  if (ends.length === 0) return undefined;
  const address = { label: '$(globe) An IP address outside the cluster…' };
  const chosen = await window.showQuickPick<EndItem>([...ends.map((end) => ({ label: end.name, end })), address], { title });
  if (!chosen || chosen.end) return chosen?.end?.name;
  return window.showInputBox({ title, prompt: 'IPv4 or IPv6 address', validateInput: (text) => (/^[\d.]+$|:/.test(text.trim()) ? undefined : 'Write an address such as 192.0.2.1.') });
}

async function pickPort(end: ClusterEnd | undefined): Promise<{ protocol: 'TCP' | 'UDP' | 'SCTP'; port: number } | undefined> {
  const declared = (end?.ports ?? []).map(({ protocol, port, name }): PortItem => ({ label: `${protocol} ${port}`, description: name ?? '', protocol, port }));
  const other = { label: '$(edit) Another port…', protocol: 'TCP' as const, port: 0 };
  const chosen = declared.length === 0 ? other : await window.showQuickPick<PortItem>([...declared, other], { title: 'Which port?' });
  if (!chosen || chosen.port > 0) return chosen && { protocol: chosen.protocol, port: chosen.port };
  const typed = await window.showInputBox({ title: 'Which port?', prompt: 'A number, or protocol and number: UDP 53', validateInput: (text) => (portIn(text) ? undefined : 'Write a port from 1 to 65535, such as 443 or UDP 53.') });
  return typed === undefined ? undefined : portIn(typed);
}

function portIn(text: string): { protocol: 'TCP' | 'UDP' | 'SCTP'; port: number } | undefined {
  const found = /^\s*(?:(TCP|UDP|SCTP)[\s/]+)?(\d{1,5})\s*$/i.exec(text);
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > 65_535) return undefined;
  const protocol = found[1]?.toUpperCase();
  return { protocol: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP', port };
}
