import { finished, type Work } from '../base/work.ts';
import { isPatch } from '../workspace/snapshot.ts';
import { InsertTextMode, type CodeAction, type Connection } from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { answerAdornments } from './adornments.ts';
import { hierarchyAt, incomingOf, outgoingOf } from './call-hierarchy.ts';
import { codeActionsOf } from './code-actions.ts';
import type { OpenDocument } from './documents.ts';
import { completionsAt, foldsOf, hoverAt, selectionsAt, symbolsOf, type CompletionAbilities } from './language.ts';
import {
  endpointsRequest,
  remediationsRequest,
  reportRequest,
  showReportCommand,
  templatesRequest,
  type EndpointsParams,
  type RemediationsParams,
  type ReportParams,
} from './protocol.ts';
import { diagnosticsOf } from './publish.ts';
import { withRefactorings } from './refactorings.ts';
import { endpointsFor, remediationsFor, isReportParams, lensesOf, reportResponse, resolvedLens } from './reports.ts';
import { publishContext, type Session } from './session.ts';
import { slicesOf } from './slices.ts';
import { templateList } from './template-list.ts';

/** Answers every request of the protocol that asks about one document: the table of method and feature. */
export function answerRequests(session: Session): void {
  const { connection } = session;
  const context = publishContext(session);
  connection.onHover(({ textDocument, position }) => about(session, textDocument.uri, null, (asked) => hoverAt(asked, position)));
  connection.onCompletion(({ textDocument, position }) =>
    about(session, textDocument.uri, [], (asked) => completionsAt(asked, position, abilitiesOf(session))),
  );
  connection.onDocumentSymbol(({ textDocument }) => about(session, textDocument.uri, [], symbolsOf));
  connection.onFoldingRanges(({ textDocument }) => about(session, textDocument.uri, null, foldsOf));
  connection.onSelectionRanges(({ textDocument, positions }) =>
    about(session, textDocument.uri, [], (asked) => selectionsAt(asked, positions)),
  );
  connection.onCodeAction((params) =>
    about<Promise<CodeAction[]> | CodeAction[]>(session, params.textDocument.uri, [], (asked, document) => {
      const { settings, snapshot } = asked;
      const options = { settings, snapshot, partial: isPatch(snapshot, document.uri) };
      return slicesOf(
        safeWork(session, [], function* () {
          return withRefactorings(yield* codeActionsOf(document, params, options, context.links), asked, params);
        }),
      );
    }),
  );
  connection.languages.diagnostics.on(({ textDocument }) => {
    const document = session.documents.get(textDocument.uri);
    return { kind: 'full', items: document ? [...finished(diagnosticsOf(document, context))] : [] };
  });
  connection.onRequest(templatesRequest, () => templateList());
  answerAdornments(session, (uri, nothing, ask) => about(session, uri, nothing, ask));
  answerReports(session);
}

/** Answers what concerns the whole cluster: lenses, reports, ends to choose from. */
function answerReports(session: Session): void {
  const { connection } = session;
  connection.onCodeLens(({ textDocument }) => about(session, textDocument.uri, [], lensesOf));
  connection.onCodeLensResolve((lens) => safely(session, lens, () => resolvedLens(lens, session.snapshot)));
  connection.languages.callHierarchy.onPrepare(({ textDocument, position }) =>
    about(session, textDocument.uri, null, (asked) => hierarchyAt(asked, position)),
  );
  connection.languages.callHierarchy.onIncomingCalls(({ item }) => safely(session, [], () => incomingOf(session.snapshot, item)));
  connection.languages.callHierarchy.onOutgoingCalls(({ item }) => safely(session, [], () => outgoingOf(session.snapshot, item)));
  connection.onRequest(reportRequest, (params: ReportParams) => safely(session, null, () => reportResponse(session.snapshot, params)));
  connection.onRequest(remediationsRequest, (params: RemediationsParams) =>
    safely(session, [], () => remediationsFor(session.snapshot, params)),
  );
  connection.onRequest(endpointsRequest, ({ uri }: EndpointsParams) => safely(session, [], () => endpointsFor(session.snapshot, uri)));
  // Editors without a client of ours run the command here: the answer is a message.
  connection.onExecuteCommand(({ command, arguments: words }) => {
    const params: unknown = words?.[0];
    if (command !== showReportCommand || !isReportParams(params)) return null;
    const report = safely(session, null, () => reportResponse(session.snapshot, params));
    if (report) connection.window.showInformationMessage(report.text.slice(0, 4000));
    return report;
  });
}

/** Asks a feature about an open document. A feature that fails answers nothing, and the log says why. */
export function about<T>(session: Session, uri: string, nothing: T, ask: (asked: FeatureContext, document: OpenDocument) => T): T {
  const document = session.documents.get(uri);
  if (!document) return nothing;
  return safely(session, nothing, () => ask(featureContext(session, document), document));
}

/** Asks, and answers nothing where that fails; the log says why. */
export function safely<T>(session: Session, nothing: T, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    logFailure(session.connection, error);
    return nothing;
  }
}

/** The same for work that is done in slices. */
function* safeWork<T>(session: Session, nothing: T, ask: () => Work<T>): Work<T> {
  try {
    return yield* ask();
  } catch (error) {
    logFailure(session.connection, error);
    return nothing;
  }
}

function featureContext(session: Session, document: OpenDocument): FeatureContext {
  const snippets = session.client.textDocument?.completion?.completionItem?.snippetSupport === true;
  return { uri: document.uri, file: document.file, settings: session.settings.of(document.uri), snapshot: session.snapshot, snippets };
}

function abilitiesOf(session: Session): CompletionAbilities {
  const modes = session.client.textDocument?.completion?.completionItem?.insertTextModeSupport?.valueSet ?? [];
  return { asIs: modes.includes(InsertTextMode.asIs), reopens: session.options.client === 'vscode' };
}

function logFailure(connection: Connection, error: unknown): void {
  connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
