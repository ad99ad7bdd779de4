import { commands, Range, Uri, ViewColumn, window, workspace, WorkspaceEdit, type WebviewPanel } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { keepExpectationRequest, remediationsRequest, type RemediationChoice, type ReportParams } from '../server/lsp/protocol.ts';

/** A report that is shown. */
export interface ShownReport {
  readonly panel: WebviewPanel;
  readonly params: ReportParams;
  readonly html: string;
  readonly title: string;
}

/** What an action may ask for in turn. */
export interface Acting {
  readonly show: (params: ReportParams) => Promise<unknown>;
  readonly renewSoon: () => void;
}

/** Does what a button or a link of the page asks for. */
export async function act(client: BaseLanguageClient, shown: ShownReport, message: unknown, reports: Acting): Promise<void> {
  if (typeof message !== 'object' || message === null || !('action' in message)) return;
  const { params } = shown;
  const { what } = params;
  const item = 'item' in message && typeof message.item === 'string' ? message.item : '';
  if (message.action === 'save') return save(shown);
  if (message.action === 'open' && 'uri' in message && 'line' in message)
    return openPlace(client, shown, String(message.uri), Number(message.line));
  if (message.action === 'graph' && (what.kind === 'policy' || what.kind === 'effective')) {
    const of = what.kind === 'policy' ? 'policy' : 'workload';
    await reports.show({ ...params, what: { kind: 'graph', of, key: what.key } });
  }
  if (what.kind !== 'explain') return;
  const question = { ...params, what };
  if (message.action === 'keep') {
    const kept = await client.sendRequest<RemediationChoice | null>(keepExpectationRequest, question);
    if (kept) await apply(client, kept, false, reports);
    else
      void window.showInformationMessage(
        'Netpol: the file already contains this expectation, or the answer is neither allowed nor denied.',
      );
  }
  if (message.action === 'apply' || message.action === 'preview') {
    const choices = await client.sendRequest<readonly RemediationChoice[]>(remediationsRequest, question);
    const chosen = choices.find(({ title }) => title === item);
    if (chosen) await apply(client, chosen, message.action === 'preview', reports);
    else void window.showInformationMessage('Netpol: this edit cannot be written without changing other text. Make it by hand.');
  }
}

/** Applies an edit as one step, opens the edited place, and says the answer anew. Nothing is saved. */
async function apply(
  client: BaseLanguageClient,
  { title, changes }: RemediationChoice,
  isPreviewed: boolean,
  reports: Acting,
): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const [uri, edits] of Object.entries(changes)) {
    const target = client.protocol2CodeConverter.asUri(uri);
    for (const { range, newText } of edits) {
      const where = new Range(range.start.line, range.start.character, range.end.line, range.end.character);
      edit.replace(target, where, newText, isPreviewed ? { needsConfirmation: true, label: title } : undefined);
    }
  }
  const [[uri, edits] = []] = edit.entries();
  if (!(await workspace.applyEdit(edit)) || !uri || isPreviewed) return;
  const start = edits?.[0]?.range.start;
  if (start) await window.showTextDocument(uri, { viewColumn: ViewColumn.One, selection: new Range(start, start) });
  reports.renewSoon();
}

async function openPlace(client: BaseLanguageClient, { panel }: ShownReport, address: string, line: number): Promise<void> {
  const viewColumn = panel.viewColumn === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
  await window.showTextDocument(client.protocol2CodeConverter.asUri(address), { viewColumn, selection: new Range(line, 0, line, 0) });
}

async function save({ html, title }: ShownReport): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  const name = `${title.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')}.html`;
  const target = await window.showSaveDialog({
    filters: { HTML: ['html'] },
    ...(folder ? { defaultUri: Uri.joinPath(folder.uri, name) } : {}),
  });
  if (!target) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(html));
  void commands.executeCommand('vscode.open', target);
}
