import { CodeActionKind, TextDocumentSyncKind, type Connection, type InitializeResult } from 'vscode-languageserver';
import packageJson from '../../package.json' with { type: 'json' };
import type { Host } from '../host/host.ts';
import { changed, opened, type OpenDocument } from './documents.ts';
import { answerRequests } from './answers.ts';
import { FIX_ALL } from './code-actions.ts';
import { clientNotification, type ClientFacts } from './protocol.ts';
import { publish, unpublish } from './publish.ts';
import { meet, newSession, publishContext, type Session } from './session.ts';

/** Serves the Language Server Protocol on a connection until the client ends it. */
export function serveOn(connection: Connection, _host: Host): void {
  const session = newSession(connection);
  connection.onInitialize((params) => {
    meet(session, params);
    return capabilities(session);
  });
  connection.onInitialized(() => void begin(session));
  followDocuments(session);
  answerRequests(session);
  connection.listen();
}

function capabilities(session: Session): InitializeResult {
  return {
    serverInfo: { name: 'netpol', version: packageJson.version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [':', ' ', '-', '"', "'", '/'] },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
      ...(session.options.diagnostics === 'pull' ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } } : {}),
    },
  };
}

async function begin(session: Session): Promise<void> {
  await session.settings.changed(undefined);
  republish(session);
}

function followDocuments(session: Session): void {
  const { connection, documents } = session;
  const context = publishContext(session);
  const show = (document: OpenDocument): void => {
    documents.set(document.uri, document);
    publish(document, context);
  };
  connection.onDidOpenTextDocument(({ textDocument }) => {
    show(opened(textDocument));
    void session.settings.refresh(textDocument.uri).then((isNew) => {
      const document = documents.get(textDocument.uri);
      if (isNew && document) publish(document, context);
    });
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const document = documents.get(textDocument.uri);
    if (document) show(changed(document, textDocument.version, contentChanges));
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    documents.delete(textDocument.uri);
    session.settings.forget(textDocument.uri);
    unpublish(textDocument.uri, context);
  });
  connection.onDidChangeConfiguration(({ settings }) => void settingsChanged(session, settings));
  connection.onNotification(clientNotification, (facts: ClientFacts) => {
    session.facts = { yamlExtension: facts.yamlExtension };
    republish(session);
  });
}

async function settingsChanged(session: Session, sent: unknown): Promise<void> {
  await session.settings.changed(sent);
  await Promise.all([...session.documents.keys()].map((uri) => session.settings.refresh(uri)));
  republish(session);
}

function republish(session: Session): void {
  const context = publishContext(session);
  for (const document of session.documents.values()) publish(document, context);
}
