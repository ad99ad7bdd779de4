import { Disposable, ViewColumn, window, workspace, type WebviewPanel } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { reportRequest, type ClusterQuestion, type ReportParams, type ReportText } from '../server/lsp/protocol.ts';
import { act, type ShownReport } from './report-actions.ts';

const VIEW = 'netpol.report';

/** Milliseconds without a key before the reports that can be seen are asked for anew. */
const PAUSE_MILLISECONDS = 400;

/** Shows reports of the server as pages beside the text, whose links lead to the manifests. */
export interface Reports {
  /** Shows a report, in the tab of its kind, and gives what is in it; nothing where the workspace no longer contains it. */
  show(params: ReportParams): Promise<ReportText | undefined>;
  /** What the report in front is about. */
  front(): ClusterQuestion | undefined;
}

/** A report that is shown: what it is about may change. */
interface Shown extends ShownReport {
  params: ReportParams;
  html: string;
  title: string;
}

/** A page keeps in its state what it is about, so that one restored after a restart is asked for anew. */
export function reports(client: BaseLanguageClient): Reports & Disposable {
  const open = new Map<string, Shown>();
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const ask = async (params: ReportParams): Promise<ReportText | undefined> =>
    (await client.sendRequest<ReportText | null>(reportRequest, { ...params, html: true })) ?? undefined;

  function fill(shown: Shown, report: ReportText | undefined): void {
    shown.title = report?.title ?? shown.title;
    shown.panel.title = shown.title;
    const html = report?.html ?? '<!doctype html><p>The workspace no longer contains this.</p>';
    if (shown.html !== html) shown.panel.webview.html = html;
    shown.html = html;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's webviews have no origin to name
    void shown.panel.webview.postMessage({ about: shown.params });
  }

  function keep(panel: WebviewPanel, params: ReportParams): Shown {
    const { kind } = params.what;
    const shown: Shown = { panel, params, html: '', title: 'Netpol' };
    open.set(kind, shown);
    panel.webview.onDidReceiveMessage((message: unknown) => void act(client, shown, message, { show, renewSoon }));
    panel.onDidDispose(() => open.get(kind) === shown && open.delete(kind));
    panel.onDidChangeViewState(() => panel.visible && void renew(shown));
    return shown;
  }

  async function show(params: ReportParams): Promise<ReportText | undefined> {
    const report = await ask(params);
    if (!report) {
      void window.showInformationMessage('Netpol: the workspace no longer contains this.');
      return undefined;
    }
    const before = open.get(params.what.kind);
    const column = window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active;
    const shown =
      before ?? keep(window.createWebviewPanel(VIEW, report.title, column, { enableScripts: true, localResourceRoots: [] }), params);
    shown.params = params;
    fill(shown, report);
    shown.panel.reveal(undefined, false);
    return report;
  }

  async function renew(shown: Shown): Promise<void> {
    if (client.isRunning()) fill(shown, await ask(shown.params));
  }

  function renewSoon(): void {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const shown of open.values()) if (shown.panel.visible) void renew(shown);
    }, PAUSE_MILLISECONDS);
  }

  const held = Disposable.from(
    new Disposable(() => clearTimeout(waiting)),
    workspace.onDidChangeTextDocument(({ document }) => void (isManifest(document.languageId) && renewSoon())),
    workspace.onDidSaveTextDocument(({ languageId }) => void (isManifest(languageId) && renewSoon())),
    window.registerWebviewPanelSerializer(VIEW, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const about = typeof state === 'object' && state !== null && 'about' in state ? state.about : undefined;
        if (!isParams(about)) {
          panel.dispose();
          return;
        }
        panel.webview.options = { enableScripts: true, localResourceRoots: [] };
        await client.start();
        fill(keep(panel, about), await ask(about));
      },
    }),
  );
  const front = (): ClusterQuestion | undefined => [...open.values()].find(({ panel }) => panel.active)?.params;
  return Object.assign(held, { show, front });
}

function isManifest(language: string): boolean {
  return ['yaml', 'helm', 'json', 'jsonc'].includes(language);
}

function isParams(value: unknown): value is ReportParams {
  return typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string' && 'what' in value;
}
