import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type WorkspaceFolder,
} from 'vscode-languageserver';
import packageJson from '../../package.json' with { type: 'json' };
import type { Host } from '../host/host.ts';
import { adornmentCapabilities } from './adornments.ts';
import { answerRequests } from './answers.ts';
import { answerNavigation, navigationCapabilities } from './navigation.ts';
import { FIX_ALL } from './code-actions.ts';
import { changed, opened, type OpenDocument } from './documents.ts';
import { clientNotification, showReportCommand, type ClientFacts } from './protocol.ts';
import { publisher, type Publisher } from './publish.ts';
import { startSession, newSession, publishContext, type Session } from './session.ts';
import { watchFiles, workspaceFiles, type WorkspaceFiles } from './workspace.ts';

/** Serves the Language Server Protocol on a connection until the client ends it. */
export function serveOn(connection: Connection, host: Host): void {
  const session = newSession(connection);
  const diagnostics = publisher(publishContext(session));
  const files = workspaceFiles(session, host, () => diagnostics.refresh());
  let folders: readonly WorkspaceFolder[] = [];
  connection.onInitialize((params) => {
    startSession(session, params);
    folders = foldersOf(params);
    return capabilities(session);
  });
  connection.onInitialized(() => void begin(session, files, diagnostics, folders));
  followDocuments(session, files, diagnostics);
  answerRequests(session);
  answerNavigation(session);
  connection.listen();
}

function foldersOf(params: InitializeParams): readonly WorkspaceFolder[] {
  // `rootUri` is how older clients name their one folder.
  const old = 'rootUri' in params && typeof params.rootUri === 'string' ? [{ uri: params.rootUri, name: '' }] : [];
  return params.workspaceFolders ?? old;
}

function capabilities(session: Session): InitializeResult {
  return {
    serverInfo: { name: 'netpol', version: packageJson.version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      hoverProvider: true,
      // No colon: with a list open, the Enter that should start a line under `ingress:` would choose the empty list.
      completionProvider: { triggerCharacters: [' ', '-', '"', "'", '/'] },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      callHierarchyProvider: true,
      ...adornmentCapabilities,
      ...navigationCapabilities,
      codeLensProvider: { resolveProvider: true },
      ...(session.options.client === 'vscode' ? {} : { executeCommandProvider: { commands: [showReportCommand] } }),
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] },
      ...(session.options.diagnostics === 'pull'
        ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } }
        : {}),
    },
  };
}

async function begin(session: Session, files: WorkspaceFiles, diagnostics: Publisher, folders: readonly WorkspaceFolder[]): Promise<void> {
  const { connection } = session;
  await session.settings.changed(undefined);
  diagnostics.refresh();
  let current = folders;
  if (session.client.workspace?.workspaceFolders === true) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      current = [...current.filter(({ uri }) => !gone.has(uri)), ...added];
      void files.scan(current);
    });
  }
  await followSettings(session);
  await watchFiles(session);
  await files.scan(current);
}

/** Our own client sends changed settings by itself; others have to be asked to. */
async function followSettings({ client, connection, options }: Session): Promise<void> {
  if (options.client === 'vscode' || client.workspace?.didChangeConfiguration?.dynamicRegistration !== true) return;
  await connection.client.register(DidChangeConfigurationNotification.type, { section: 'netpol' });
}

function followDocuments(session: Session, files: WorkspaceFiles, diagnostics: Publisher): void {
  const { connection, documents } = session;
  const show = (document: OpenDocument): void => {
    documents.set(document.uri, document);
    diagnostics.show(document);
  };
  connection.onDidOpenTextDocument(({ textDocument }) => {
    show(opened(textDocument));
    void session.settings.refresh(textDocument.uri).then((isNew) => {
      const document = documents.get(textDocument.uri);
      if (isNew && document) diagnostics.show(document);
    });
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const document = documents.get(textDocument.uri);
    if (document) show(changed(document, textDocument.version, contentChanges));
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    documents.delete(textDocument.uri);
    session.settings.forget(textDocument.uri);
    diagnostics.remove(textDocument.uri);
    files.closed(textDocument.uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => void files.update(changes.map(({ uri }) => uri)));
  connection.onDidChangeConfiguration(({ settings }) => void settingsChanged(session, settings, files).then(diagnostics.refresh));
  connection.onNotification(clientNotification, (facts: ClientFacts) => {
    session.facts = { yamlExtension: facts.yamlExtension };
    diagnostics.refresh();
  });
}

async function settingsChanged(session: Session, sent: unknown, files: WorkspaceFiles): Promise<void> {
  await session.settings.changed(sent);
  files.rescope();
  await Promise.all([...session.documents.keys()].map((uri) => session.settings.refresh(uri)));
  if (session.client.workspace?.inlayHint?.refreshSupport === true) void session.connection.languages.inlayHint.refresh();
}
