import { Range, ViewColumn, window, workspace, WorkspaceEdit, type QuickPickItem } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { remediationsRequest, type ClusterEndpoint, type RemediationChoice, type RemediationsParams } from '../server/lsp/protocol.ts';
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
  const chosen = await chosenCluster(client);
  if (!chosen) return;
  const { question, endpoints } = chosen;
  const from = await pickEndpoint(endpoints, 'Who connects?');
  const to = from === undefined ? undefined : await pickEndpoint(endpoints, `${from} connects to?`);
  if (from === undefined || to === undefined) return;
  const port = await pickPort(endpoints.find((end) => end.name === to));
  if (!port) return;
  const what = { kind: 'explain', from, to, ...port } as const;
  await reports.show({ ...question, what });
  void offerFlips(client, { ...question, what }, reports);
}

/** Offers the smallest edits that would change the verdict. Nothing is saved: the author looks first, at the edited place and the new answer. */
async function offerFlips(client: BaseLanguageClient, params: RemediationsParams, reports: Reports): Promise<void> {
  const choices = await client.sendRequest<readonly RemediationChoice[]>(remediationsRequest, params);
  if (choices.length === 0) return;
  const change = 'Change the Answer…';
  const wish = await window.showInformationMessage(
    `Netpol: ${choices.length === 1 ? 'one edit' : `any of ${choices.length} edits`} would change this verdict.`,
    change,
  );
  const chosen =
    wish === change
      ? await window.showQuickPick<FlipItem>(
          choices.map((remediation) => ({ label: remediation.title, remediation })),
          { title: 'Which edit?' },
        )
      : undefined;
  if (!chosen) return;
  const edit = new WorkspaceEdit();
  for (const [uri, edits] of Object.entries(chosen.remediation.changes)) {
    const target = client.protocol2CodeConverter.asUri(uri);
    for (const { range, newText } of edits)
      edit.replace(target, new Range(range.start.line, range.start.character, range.end.line, range.end.character), newText);
  }
  if (!(await workspace.applyEdit(edit))) return;
  await showEdited(edit);
  await reports.renew();
}

/** Opens the first place that was edited, beside the report. */
async function showEdited(edit: WorkspaceEdit): Promise<void> {
  const [first] = edit.entries();
  const [uri, edits] = first ?? [];
  const start = edits?.[0]?.range.start;
  if (!uri || !start) return;
  await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside, selection: new Range(start, start) });
}

interface FlipItem extends QuickPickItem {
  readonly remediation: RemediationChoice;
}

/** Asks which workload, then shows every rule that binds it. */
export async function showEffectivePolicy(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const cluster = await chosenCluster(client);
  if (!cluster) return;
  const { question, endpoints } = cluster;
  const chosen = await window.showQuickPick<EndItem>(
    endpoints.map((end) => ({ label: end.name, end })),
    { title: 'Effective policy of which workload?' },
  );
  if (chosen?.end) await reports.show({ ...question, what: { kind: 'effective', key: chosen.end.key } });
}

/** Shows who may talk to whom in the cluster of the current file. */
export async function showConnections(client: BaseLanguageClient, reports: Reports): Promise<void> {
  const chosen = await chosenCluster(client);
  if (chosen) await reports.show({ ...chosen.question, what: { kind: 'matrix' } });
}

async function pickEndpoint(endpoints: readonly ClusterEndpoint[], title: string): Promise<string | undefined> {
  const address = { label: '$(globe) An IP address outside the cluster…' };
  const chosen = await window.showQuickPick<EndItem>([...endpoints.map((end) => ({ label: end.name, end })), address], { title });
  if (!chosen || chosen.end) return chosen?.end?.name;
  const typed = await window.showInputBox({
    title,
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
  const chosen = declared.length === 0 ? other : await window.showQuickPick<PortItem>([...declared, other], { title: 'Which port?' });
  if (!chosen || chosen.port > 0) return chosen && { protocol: chosen.protocol, port: chosen.port };
  const typed = await window.showInputBox({
    title: 'Which port?',
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
