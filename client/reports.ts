import { Disposable, DocumentLink, EventEmitter, languages, Range, Uri, window, workspace, type TextDocument } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { reportRequest, type ClusterQuestion, type ReportParams, type ReportText } from '../server/lsp/protocol.ts';

const SCHEME = 'netpol-report';

/** Shows reports of the server as read-only documents whose links lead to the rules they name. */
export interface Reports {
  show(params: ReportParams): Promise<void>;
  /** Asks anew for every report that is open: something has changed. */
  renew(): Promise<void>;
}

/** A report's document names in its address what it is about, so that one restored after a restart is asked for anew. */
export function reports(client: BaseLanguageClient): Reports & Disposable {
  const texts = new Map<string, ReportText>();
  const changed = new EventEmitter<Uri>();

  async function textOf(uri: Uri): Promise<string> {
    const params = paramsIn(uri);
    const report = texts.get(uri.toString()) ?? (params && (await client.sendRequest<ReportText | null>(reportRequest, params)));
    if (!report) return 'The workspace no longer contains this.';
    texts.set(uri.toString(), report);
    return report.text;
  }

  function linksIn(document: TextDocument): DocumentLink[] {
    const links = texts.get(document.uri.toString())?.links ?? [];
    return links.map(({ start, end, uri, line }) => {
      const range = new Range(document.positionAt(start), document.positionAt(end));
      return new DocumentLink(range, client.protocol2CodeConverter.asUri(uri).with({ fragment: `L${line + 1}` }));
    });
  }

  async function show(params: ReportParams): Promise<void> {
    const report = await client.sendRequest<ReportText | null>(reportRequest, params);
    if (!report) {
      void window.showInformationMessage('Netpol: the workspace no longer contains this.');
      return;
    }
    // The language follows from the file name. A real slash in a title would make folders of it.
    const uri = Uri.from({ scheme: SCHEME, path: `/${report.title.replace(/[/\\]/g, '∕')}.md`, query: JSON.stringify(params) });
    texts.set(uri.toString(), report);
    changed.fire(uri);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  async function renew(): Promise<void> {
    for (const { uri } of workspace.textDocuments.filter((document) => document.uri.scheme === SCHEME)) {
      const params = paramsIn(uri);
      const report = params && (await client.sendRequest<ReportText | null>(reportRequest, params));
      if (!report) continue;
      texts.set(uri.toString(), report);
      changed.fire(uri);
    }
  }

  const held = Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, { onDidChange: changed.event, provideTextDocumentContent: textOf }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
    languages.registerDocumentLinkProvider({ scheme: SCHEME }, { provideDocumentLinks: linksIn }),
  );
  return Object.assign(held, { show, renew });
}

/** The file from which the cluster is looked at: a report keeps the file that it was opened from, and its cluster. */
export function questionOf(client: BaseLanguageClient, document: TextDocument | undefined): ClusterQuestion | undefined {
  if (!document) return undefined;
  const params = paramsIn(document.uri);
  if (!params) return { uri: client.code2ProtocolConverter.asUri(document.uri) };
  return params.cluster === undefined ? { uri: params.uri } : { uri: params.uri, cluster: params.cluster };
}

function paramsIn({ scheme, query }: Uri): ReportParams | undefined {
  if (scheme !== SCHEME) return undefined;
  try {
    const params: unknown = JSON.parse(query);
    return isParams(params) ? params : undefined;
  } catch {
    return undefined; // a URI that this extension did not create
  }
}

function isParams(value: unknown): value is ReportParams {
  return typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string' && 'what' in value;
}
