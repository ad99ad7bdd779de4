import { commands, ProgressLocation, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { ProgressType, type BaseLanguageClient } from 'vscode-languageclient';
import {
  checkWorkspaceRequest,
  fixWorkspaceRequest,
  type CheckWorkspaceParams,
  type WorkspaceCheck,
  type WorkspaceFixes,
  type WorkspaceProgress,
} from '../server/lsp/protocol.ts';

/** Checks every file of the workspace, with progress, then opens the problems. */
export async function checkWorkspace(client: BaseLanguageClient): Promise<void> {
  await client.start();
  const found = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Netpol: checking the workspace', cancellable: true },
    async (progress, token) => {
      const params: CheckWorkspaceParams = { workDoneToken: `check-${Date.now()}` };
      let before = 0;
      const listener = client.onProgress(new ProgressType<WorkspaceProgress>(), params.workDoneToken, ({ done, all }) => {
        progress.report({ message: `${done} of ${all} files`, increment: ((done - before) * 100) / all });
        before = done;
      });
      try {
        return await client.sendRequest<WorkspaceCheck | null>(checkWorkspaceRequest, params, token);
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
  if (!found) return;
  const { files, errors, warnings } = found;
  void window.showInformationMessage(`Netpol: ${plural(errors, 'error')} and ${plural(warnings, 'warning')} in ${plural(files, 'file')}.`);
  if (errors + warnings > 0) await commands.executeCommand('workbench.actions.view.problems');
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Offers every fix that has only one meaning, in all files; nothing is changed before the preview is confirmed. */
export async function fixWorkspace(client: BaseLanguageClient): Promise<void> {
  await client.start();
  const fixes = await client.sendRequest<WorkspaceFixes>(fixWorkspaceRequest, {});
  const edit = new WorkspaceEdit();
  let number = 0;
  for (const [uri, all] of Object.entries(fixes)) {
    for (const { title, code, edit: one } of all) {
      const { start, end } = one.range;
      const range = new Range(start.line, start.character, end.line, end.character);
      edit.replace(Uri.parse(uri), range, one.newText, { needsConfirmation: true, label: title, description: code });
      number++;
    }
  }
  if (number === 0) {
    void window.showInformationMessage('Netpol: no finding of the workspace has a fix with a single meaning.');
    return;
  }
  await workspace.applyEdit(edit);
}
