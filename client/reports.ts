import { Disposable, DocumentLink, EventEmitter, languages, Range, Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { reportRequest, type ReportParams, type ReportText } from '../server/lsp/protocol.ts';

const SCHEME = 'netpol-report';

/** Shows reports of the server as read-only documents whose links lead to the rules they speak of. */
export interface Reports extends Disposable {
  show(params: ReportParams): Promise<void>;
}

/** Reports are asked for anew whenever their document is opened again. */
export function reports(client: BaseLanguageClient): Reports {
  const texts = new Map<string, ReportText>();
  const changed = new EventEmitter<Uri>();
  const disposable = Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString())?.text ?? 'This report is gone. Ask for it again.',
    }),
    languages.registerDocumentLinkProvider(
      { scheme: SCHEME },
      {
        provideDocumentLinks: (document) =>
          (texts.get(document.uri.toString())?.links ?? []).map(
            (link) => new DocumentLink(new Range(document.positionAt(link.start), document.positionAt(link.end)), targetOf(client, link)),
          ),
      },
    ),
  );

  async function show(params: ReportParams): Promise<void> {
    const report = await client.sendRequest<ReportText | null>(reportRequest, params);
    if (!report) {
      void window.showInformationMessage('Netpol: nothing is known about this in the workspace any more.');
      return;
    }
    const uri = Uri.from({ scheme: SCHEME, path: `/${report.title.replace(/[/\\]/g, '∕')}.md`, query: JSON.stringify(params.what) });
    texts.set(uri.toString(), report);
    changed.fire(uri);
    const document = await languages.setTextDocumentLanguage(await workspace.openTextDocument(uri), 'markdown');
    await window.showTextDocument(document, { preview: true });
  }

  return { dispose: () => disposable.dispose(), show };
}

function targetOf(client: BaseLanguageClient, { uri, line }: ReportText['links'][number]): Uri {
  return client.protocol2CodeConverter.asUri(uri).with({ fragment: `L${line + 1}` });
}
