import {
  CodeActionKind,
  DidChangeWorkspaceFoldersNotification,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type ConnectionOptions,
  type InitializeResult,
  type ResponseMessage,
} from 'vscode-languageserver';
import packageJson from '../../package.json' with { type: 'json' };
import type { Host } from '../host/host.ts';
import { adornmentCapabilities } from './adornments.ts';
import { answerRequests } from './answers.ts';
import { APPLY_EDIT } from './code-action-commands.ts';
import { answerNavigation, navigationCapabilities } from './navigation.ts';
import { FIX_ALL } from './code-actions.ts';
import { changed, opened, type OpenDocument } from './documents.ts';
import { clientFolders } from './folders.ts';
import { lifecycle } from './lifecycle.ts';
import {
  checkWorkspaceRequest,
  clientNotification,
  expectationsRequest,
  fixWorkspaceRequest,
  headNotification,
  showReportCommand,
  type CheckWorkspaceParams,
  type ClientFacts,
  type HeadParams,
} from './protocol.ts';
import { publisher, type Publisher } from './publish.ts';
import { pulledWorkspace } from './pull.ts';
import { inSteps } from './requests.ts';
import { isSettingsFile } from './settings-files.ts';
import { startSession, newSession, publishContext, type Session } from './session.ts';
import { workspaceExpectations, workspaceFixes, workspaceProblems, type WorkspaceProblems } from './workspace-problems.ts';
import { watchFiles, workspaceFiles, type WorkspaceFiles } from './workspace.ts';

/** How messages come and go, and what the process can do for the server. */
export interface Transport {
  /** Makes the connection; its messages pass through the options first. */
  readonly connect: (options: ConnectionOptions) => Connection;
  /** Sends an answer past the connection. */
  readonly answer: (response: ResponseMessage) => void;
  /** Ends the process. */
  readonly exit: (code: 0 | 1) => void;
  /** Ends the process once another one is gone. */
  readonly follow: (processId: number) => void;
}

/** A server that runs. */
export interface Serving {
  /** Has the client asked to shut down? Then the end of its input is not an accident. */
  readonly isShutDown: () => boolean;
  /** How many messages have been handled so far. */
  readonly handled: () => number;
  /** Writes a line into the client's log. */
  readonly warn: (sentence: string) => void;
}

/** How long the workspace waits for the settings before it is read without them, in milliseconds: they decide what forms one cluster. */
const SETTINGS_MILLISECONDS = 300;

/** Serves the Language Server Protocol until the client ends it. Every handler is there before the first message is read. */
export function serveOn({ connect, answer, exit, follow }: Transport, host: Host): Serving {
  const warn = (sentence: string): void => session.client.log('warning', sentence);
  const gate = lifecycle({ answer, exit, follow, warn });
  const connection = connect({ messageStrategy: gate.strategy });
  const session = newSession(connection, host);
  const problems = workspaceProblems(session, publishContext(session));
  const diagnostics = publisher(
    publishContext(session, () => {
      files.bringIn();
      problems.renew();
    }),
  );
  const files: WorkspaceFiles = workspaceFiles(session, host, () => diagnostics.refresh());
  connection.onInitialize((params) => {
    startSession(session, params);
    // Here, and not before: the library has a handler of its own for this, which it sets a moment earlier.
    followFolders(session, files);
    files.folders(clientFolders(params), []);
    return capabilities(session);
  });
  session.settingsChanged = () => {
    files.rescope();
    diagnostics.refresh();
    session.refresh.everything();
  };
  connection.onInitialized(() => void begin(session, files, diagnostics).catch(session.client.fault));
  followDocuments(session, files, diagnostics);
  answerRequests(session);
  answerProblems(session, problems);
  answerNavigation(session);
  connection.listen();
  return { isShutDown: gate.isShutDown, handled: gate.handled, warn };
}

function followFolders({ connection }: Session, files: WorkspaceFiles): void {
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) =>
    files.folders(
      added.map(({ uri }) => uri),
      removed.map(({ uri }) => uri),
    ),
  );
}

function capabilities(session: Session): InitializeResult {
  const commands = [
    ...(session.options.client === 'vscode' ? [] : [showReportCommand]),
    ...(session.abilities.codeActionLiterals ? [] : [APPLY_EDIT]),
  ];
  return {
    serverInfo: { name: 'netpol', version: packageJson.version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      hoverProvider: true,
      // No colon: with a list open, the Enter that should start a line under `ingress:` would choose the empty list.
      completionProvider: { triggerCharacters: [' ', '-', '"', "'", '/', '('] },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      callHierarchyProvider: true,
      ...adornmentCapabilities,
      ...navigationCapabilities,
      codeLensProvider: { resolveProvider: true },
      ...(commands.length > 0 ? { executeCommandProvider: { commands } } : {}),
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL], resolveProvider: true },
      ...(session.options.diagnostics === 'pull'
        ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true } }
        : {}),
    },
  };
}

/** Answers what concerns the problems of the whole workspace. */
function answerProblems(session: Session, problems: WorkspaceProblems): void {
  const { connection } = session;
  connection.languages.diagnostics.onWorkspace((params, token) => pulledWorkspace(problems, params, token));
  connection.onRequest(checkWorkspaceRequest, async (params: CheckWorkspaceParams | undefined, token: CancellationToken) => {
    await session.reading.done;
    const report = (done: number, all: number): void => {
      if (params?.workDoneToken !== undefined && (done % 20 === 0 || done === all))
        session.client.tell('$/progress', { token: params.workDoneToken, value: { done, all } });
    };
    return (await problems.check(() => !token.isCancellationRequested, report)) ?? null;
  });
  connection.onRequest(expectationsRequest, async (_: unknown, token: CancellationToken) => {
    await session.reading.done;
    return inSteps(session, token, [], () => workspaceExpectations(session));
  });
  connection.onRequest(fixWorkspaceRequest, async (_: unknown, token: CancellationToken) => {
    await session.reading.done;
    return inSteps(session, token, {}, () => workspaceFixes(session));
  });
}

/** Nothing here waits for the client longer than a moment: what it answers later counts then. */
async function begin(session: Session, files: WorkspaceFiles, diagnostics: Publisher): Promise<void> {
  followSettings(session);
  watchFiles(session);
  const settings = session.settings.changed(undefined).then(() => {
    files.rescope();
    diagnostics.refresh();
  });
  await Promise.race([settings, new Promise((resolve) => setTimeout(resolve, SETTINGS_MILLISECONDS))]);
  files.scan();
  await settings;
}

/** Our own client sends changed settings by itself; others have to be asked to. */
function followSettings({ abilities, client, options }: Session): void {
  if (options.client === 'vscode' || !abilities.registersConfiguration) return;
  const registration = {
    id: 'netpol-settings',
    method: 'workspace/didChangeConfiguration',
    registerOptions: { section: 'netpol' },
  };
  client.order('client/registerCapability', { registrations: [registration] });
}

function followDocuments(session: Session, files: WorkspaceFiles, diagnostics: Publisher): void {
  const { connection, documents } = session;
  const show = (document: OpenDocument): void => {
    documents.set(document.uri, document);
    diagnostics.show(document);
  };
  connection.onDidOpenTextDocument(({ textDocument }) => {
    const document = opened(textDocument);
    session.versions.opened(document);
    show(document);
    void session.settings.refresh(textDocument.uri).then((isNew) => {
      const latest = documents.get(textDocument.uri);
      if (isNew && latest) diagnostics.show(latest);
    });
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const document = documents.get(textDocument.uri);
    if (document) show(changed(document, textDocument.version, contentChanges));
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    if (!documents.delete(textDocument.uri)) return;
    session.settings.forget(textDocument.uri);
    session.versions.closed(textDocument.uri);
    diagnostics.remove(textDocument.uri);
    files.closed(textDocument.uri);
    if (isSettingsFile(textDocument.uri)) session.settingsFiles.look(textDocument.uri);
  });
  connection.onDidSaveTextDocument(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    if (document) session.versions.saved(document);
    if (isSettingsFile(textDocument.uri)) session.settingsFiles.look(textDocument.uri);
  });
  connection.onNotification(headNotification, (sent: HeadParams) => session.versions.head(sent));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri);
    session.versions.changedOnDisk(uris);
    for (const uri of uris.filter(isSettingsFile)) session.settingsFiles.look(uri);
    files.update(uris);
  });
  connection.onDidChangeConfiguration(
    ({ settings }) => void settingsChanged(session, settings, files, diagnostics).catch(session.client.fault),
  );
  connection.onNotification(clientNotification, (facts: ClientFacts) => {
    session.facts = { yamlExtension: facts.yamlExtension };
    session.settingsFiles.trust(facts.isTrusted !== false);
    diagnostics.refresh();
  });
}

async function settingsChanged(session: Session, sent: unknown, files: WorkspaceFiles, diagnostics: Publisher): Promise<void> {
  await session.settings.changed(sent);
  files.rescope();
  await Promise.all([...session.documents.keys()].map((uri) => session.settings.refresh(uri)));
  diagnostics.refresh();
  session.refresh.everything();
}
