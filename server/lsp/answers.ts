import { CancellationToken, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { isPatch } from '../workspace/snapshot.ts';
import { answerAdornments } from './adornments.ts';
import { hierarchyAt, incomingOf, outgoingOf } from './call-hierarchy.ts';
import { codeActionsOf } from './code-actions.ts';
import { APPLY_EDIT, asCommands } from './code-action-commands.ts';
import { clusterChoices } from './cluster-choices.ts';
import { completionsAt, foldsOf, hoverAt, selectionsAt, symbolsOf } from './language.ts';
import {
  clustersRequest,
  endpointsRequest,
  graphSubjectsRequest,
  keepExpectationRequest,
  remediationsRequest,
  reportRequest,
  showReportCommand,
  templatesRequest,
  watchdogRequest,
  type ClusterQuestion,
  type ClustersParams,
  type EndpointsParams,
  type KeepExpectationParams,
  type RemediationsParams,
  type ReportParams,
} from './protocol.ts';
import { pulling } from './pull.ts';
import { conversionsFor, resolvedConversion, withRefactorings, type ResolvedConversion } from './refactorings.ts';
import {
  endpointsFor,
  graphSubjectsFor,
  keptFor,
  remediationsFor,
  isReportParams,
  lensesOf,
  reportResponse,
  resolvedLens,
  uriOfData,
} from './reports.ts';
import { about, inSteps, judging, judgingWork, safely, workAbout, type RequestScope } from './requests.ts';
import { publishContext, type Session } from './session.ts';
import { isWatched, watchdogReport } from './watchdog.ts';
import { templateList } from './template-list.ts';

/** Answers every request of the protocol that asks about one document: the table of method and feature. */
export function answerRequests(session: Session): void {
  const { connection } = session;
  const context = publishContext(session);
  connection.onHover(({ textDocument, position }, token) =>
    about(
      session,
      textDocument.uri,
      token,
      null,
      (feature) => hoverAt(feature, position, { ...session.abilities, isRead: session.reading.isDone() }),
      { at: position, asksForPolicies: true },
    ),
  );
  connection.onCompletion(({ textDocument, position }, token) =>
    about(
      session,
      textDocument.uri,
      token,
      [],
      (feature) => completionsAt(feature, position, { ...session.abilities, reopens: session.options.client === 'vscode' }),
      { at: position, isForWriting: true },
    ),
  );
  connection.onDocumentSymbol(({ textDocument }, token) =>
    workAbout(session, textDocument.uri, token, [], (feature) => symbolsOf(feature, session.abilities), TEXT),
  );
  connection.onFoldingRanges(({ textDocument }, token) => about(session, textDocument.uri, token, null, foldsOf, TEXT));
  connection.onSelectionRanges(({ textDocument, positions }, token) =>
    about(session, textDocument.uri, token, [], (feature) => selectionsAt(feature, positions), TEXT),
  );
  connection.onCodeAction((params, token) =>
    workAbout(session, params.textDocument.uri, token, [], function* (feature, document) {
      const { settings, snapshot } = feature;
      const options = { settings, snapshot, partial: isPatch(snapshot, document.uri), abilities: session.abilities.diagnostics };
      const repairs = yield* codeActionsOf(document, params, options, context.links);
      const offered = yield* withRefactorings(repairs, feature, params);
      const actions = [...offered, ...(yield* conversionsFor(feature, params, session.abilities))];
      return session.abilities.codeActionLiterals ? actions : asCommands(actions, session.abilities);
    }),
  );
  connection.onCodeActionResolve(async (action, token) => {
    const resolved = await inSteps<ResolvedConversion>(session, token, { action }, () =>
      resolvedConversion(action, session.snapshot, (uri) => session.settings.of(uri), session.abilities),
    );
    if (resolved instanceof ResponseError) return resolved;
    if (resolved.message !== undefined) session.client.show('warning', resolved.message.slice(0, MAX_MESSAGE_CHARACTERS));
    return resolved.action;
  });
  const pull = pulling(session, context);
  connection.languages.diagnostics.on((params, token) => pull(params, token));
  connection.onRequest(templatesRequest, () => templateList());
  if (isWatched()) connection.onRequest(watchdogRequest, () => watchdogReport());
  answerAdornments(session);
  answerReports(session);
}

/** What only the text of the document says. */
const TEXT: RequestScope = { isAlone: true };

/** Answers what concerns the whole cluster: lenses, reports, endpoints to choose from. */
function answerReports(session: Session): void {
  const { connection } = session;
  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    await Promise.all([session.versions.read(uri), session.reading.done]);
    return about(session, uri, token, [], (feature) => lensesOf(feature, session.versions.of(uri)));
  });
  connection.onCodeLensResolve((lens, token) =>
    judgingWork(session, uriOfData(lens), token, lens, (snapshot) => resolvedLens(lens, snapshot, session.versions)),
  );
  connection.languages.callHierarchy.onPrepare(async ({ textDocument, position }, token) => {
    await session.reading.done;
    return about(session, textDocument.uri, token, null, (feature) => hierarchyAt(feature, position), { at: position });
  });
  connection.languages.callHierarchy.onIncomingCalls(({ item }, token) =>
    judging(session, uriOfData(item), token, [], (snapshot) => incomingOf(snapshot, item)),
  );
  connection.languages.callHierarchy.onOutgoingCalls(({ item }, token) =>
    judging(session, uriOfData(item), token, [], (snapshot) => outgoingOf(snapshot, item)),
  );
  connection.onRequest(reportRequest, async (params: ReportParams, token: CancellationToken) => {
    await session.reading.done;
    return inSteps(session, token, null, () => reportResponse(session.snapshot, params, session.settings.of(params.uri), session.versions));
  });
  connection.onRequest(remediationsRequest, (params: RemediationsParams, token: CancellationToken) =>
    inSteps(session, token, [], () => remediationsFor(session.snapshot, params)),
  );
  connection.onRequest(keepExpectationRequest, (params: KeepExpectationParams, token: CancellationToken) =>
    inSteps(session, token, null, () => keptFor(session.snapshot, params)),
  );
  connection.onRequest(graphSubjectsRequest, (params: ClusterQuestion, token: CancellationToken) =>
    safely(session, token, [], () => graphSubjectsFor(session.snapshot, params)),
  );
  connection.onRequest(endpointsRequest, (params: EndpointsParams, token: CancellationToken) =>
    safely(session, token, [], () => endpointsFor(session.snapshot, params)),
  );
  connection.onRequest(clustersRequest, async (params: ClustersParams | undefined, token: CancellationToken = CancellationToken.None) => {
    // The command may be what has started the server: then nothing has been read yet.
    await session.reading.done;
    return safely(session, token, [], () => clusterChoices(session.snapshot, params?.uri));
  });
  connection.onExecuteCommand(({ command, arguments: words }, token) => runCommand(session, command, words?.[0], token));
}

/** Runs a command for an editor without a client of ours: a report becomes a message, an edit is handed back to be applied. */
async function runCommand(session: Session, command: string, argument: unknown, token: CancellationToken): Promise<unknown> {
  if (command === APPLY_EDIT && typeof argument === 'object' && argument !== null)
    return session.client.ask('workspace/applyEdit', { edit: argument });
  if (command !== showReportCommand || !isReportParams(argument))
    return new ResponseError(ErrorCodes.InvalidParams, `There is no command ${command} with these arguments.`);
  const report = await inSteps(session, token, null, () =>
    reportResponse(session.snapshot, argument, session.settings.of(argument.uri), session.versions),
  );
  if (report && 'text' in report) session.client.show('information', report.text.slice(0, MAX_MESSAGE_CHARACTERS));
  return report;
}

/** In characters: what an editor can show as a message. */
const MAX_MESSAGE_CHARACTERS = 4000;
