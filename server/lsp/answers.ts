import { InsertTextMode, type Connection } from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { codeActionsOf } from './code-actions.ts';
import type { OpenDocument } from './documents.ts';
import { completionsAt, foldsOf, hoverAt, selectionsAt, symbolsOf, type CompletionAbilities } from './language.ts';
import { templatesRequest } from './protocol.ts';
import { diagnosticsOf } from './publish.ts';
import { publishContext, type Session } from './session.ts';
import { templateList } from './template-list.ts';

/** Answers every request of the protocol that asks about one document: the table of method and feature. */
export function answerRequests(session: Session): void {
  const { connection } = session;
  const context = publishContext(session);
  connection.onHover(({ textDocument, position }) => about(session, textDocument.uri, null, (asked) => hoverAt(asked, position)));
  connection.onCompletion(({ textDocument, position }) => about(session, textDocument.uri, [], (asked) => completionsAt(asked, position, abilitiesOf(session))));
  connection.onDocumentSymbol(({ textDocument }) => about(session, textDocument.uri, [], symbolsOf));
  connection.onFoldingRanges(({ textDocument }) => about(session, textDocument.uri, null, foldsOf));
  connection.onSelectionRanges(({ textDocument, positions }) => about(session, textDocument.uri, [], (asked) => selectionsAt(asked, positions)));
  connection.onCodeAction((params) =>
    about(session, params.textDocument.uri, [], (asked, document) => [...codeActionsOf(document, params, { settings: asked.settings, partial: context.partial(document.uri) }, context.links)]),
  );
  connection.languages.diagnostics.on(({ textDocument }) => {
    const document = session.documents.get(textDocument.uri);
    return { kind: 'full', items: document ? [...finished(diagnosticsOf(document, context))] : [] };
  });
  connection.onRequest(templatesRequest, () => templateList());
}

/** Asks a feature about an open document. A feature that fails answers nothing, and the log says why. */
function about<T>(session: Session, uri: string, nothing: T, ask: (asked: FeatureContext, document: OpenDocument) => T): T {
  const document = session.documents.get(uri);
  if (!document) return nothing;
  try {
    return ask(featureContext(session, document), document);
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

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
