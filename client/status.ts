import { Disposable, languages, LanguageStatusSeverity, TabInputText, window, workspace, type LanguageStatusItem, type Uri } from 'vscode';
import { State, type BaseLanguageClient } from 'vscode-languageclient';
import { statusNotification, type Status } from '../server/lsp/protocol.ts';

// VS Code's own limit for handing documents to extensions; such a document never reaches a language server.
const syncLimit = 50 * 1024 * 1024;

const severities = {
  information: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

const starting: Status = { text: 'starting', detail: 'The language server is starting.', busy: true, severity: 'information' };
const stopped: Status = {
  text: 'stopped',
  detail: 'The language server is not running, so nothing is checked. Restart it, or see the log for the reason.',
  busy: false,
  severity: 'error',
};
const tooLarge: Status = {
  text: 'file too large',
  detail: 'VS Code shares no file above 50 MB with extensions, so this one is not checked here. "netpol check" can read it.',
  busy: false,
  severity: 'warning',
};

/** Keeps the language status entry up to date: what the server last said, unless it cannot say anything. */
export function showStatus(client: BaseLanguageClient): Disposable {
  const item = languages.createLanguageStatusItem('netpol.status', [{ language: 'yaml' }, { language: 'helm' }]);
  item.name = 'Netpol';
  let said = starting;
  const refresh = async (): Promise<void> => write(item, (await isTooLarge(activeUri())) ? tooLarge : said);
  const say = (status: Status): Promise<void> => {
    said = status;
    return refresh();
  };
  write(item, said);
  return Disposable.from(
    item,
    client.onNotification(statusNotification, say),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) void say(starting);
      if (newState === State.Stopped) void say(stopped);
    }),
    window.tabGroups.onDidChangeTabs(refresh),
    window.tabGroups.onDidChangeTabGroups(refresh),
  );
}

function write(item: LanguageStatusItem, status: Status): void {
  item.text = `$(shield) Netpol: ${status.text}`;
  item.detail = status.detail;
  item.busy = status.busy;
  item.severity = severities[status.severity];
  item.accessibilityInformation = { label: `Netpol: ${status.text}. ${status.detail}` };
  item.command =
    status === stopped
      ? { title: 'Restart', command: 'netpol.restartServer' }
      : { title: 'Show log', command: 'netpol.showLog', tooltip: 'What the language server does' };
}

function activeUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText ? input.uri : undefined;
}

async function isTooLarge(uri: Uri | undefined): Promise<boolean> {
  if (uri === undefined || workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return false;
  try {
    return (await workspace.fs.stat(uri)).size > syncLimit;
  } catch {
    return false; // not on a file system: untitled, a diff, deleted meanwhile
  }
}
