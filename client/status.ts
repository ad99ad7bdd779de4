import { Disposable, languages, LanguageStatusSeverity, type LanguageStatusItem } from 'vscode';
import { State, type BaseLanguageClient } from 'vscode-languageclient';
import { statusNotification, type Status } from '../server/lsp/protocol.ts';

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

/** Keeps the language status entry up to date: what the server last said, unless it cannot say anything. */
export function showStatus(client: BaseLanguageClient): Disposable {
  const item = languages.createLanguageStatusItem('netpol.status', [{ language: 'yaml' }, { language: 'helm' }]);
  item.name = 'Netpol';
  write(item, starting);
  return Disposable.from(
    item,
    client.onNotification(statusNotification, (status: Status) => write(item, status)),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) write(item, starting);
      if (newState === State.Stopped) write(item, stopped);
    }),
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
