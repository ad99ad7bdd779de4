import { LSPErrorCodes, ResponseError, type CancellationToken, type Position } from 'vscode-languageserver';
import type { Work } from '../base/work.ts';
import { evaluationWork } from '../eval/evaluate.ts';
import type { FeatureContext } from '../features/context.ts';
import { policiesWork } from '../features/text/policies.ts';
import { identify } from '../model/identify.ts';
import { resourceWork } from '../model/kind.ts';
import type { OpenDocument } from './documents.ts';
import type { Session } from './session.ts';
import { manifestsWork } from '../syntax/manifest.ts';
import { offsetIn } from '../syntax/positions.ts';
import { slotsWork } from '../syntax/slot.ts';
import { placesOf, type SourceFile } from '../syntax/source-file.ts';
import { pieceWork } from '../workspace/record.ts';
import { clusterFor, clusterWork, type Snapshot } from '../workspace/snapshot.ts';
import { slicesOf } from './slices.ts';

/** What an answer is about. */
export interface RequestScope {
  /** One place of the document; without it all of the document. */
  readonly at?: Position;
  /** Does the answer hang on nothing but the text? */
  readonly isAlone?: boolean;
  /** Does it compare policies of the document? */
  readonly asksForPolicies?: boolean;
  /** Is it about what can be written there? */
  readonly isForWriting?: boolean;
}

/**
 * Answers a request about an open document, as it and the workspace are when the request comes. `nothing` is the answer for a document
 * that is not open, and where the feature fails. What takes long about it, reading the document and building the clusters of the workspace,
 * is done in slices beforehand, so that a request that is cancelled meanwhile stops there.
 */
export function about<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (feature: FeatureContext, document: OpenDocument) => T,
  scope: RequestScope = {},
): Promise<T | ResponseError<never>> {
  return workAbout(session, uri, token, nothing, (feature, document) => atOnce(() => ask(feature, document)), scope);
}

/** Makes ready what an answer hangs on. */
function* prepared(
  { file, snapshot }: FeatureContext,
  { at, isAlone = false, isForWriting = false, asksForPolicies = false }: RequestScope,
): Work<void> {
  yield;
  yield* treesWork(file, at);
  if (at && isForWriting) {
    for (const { manifest } of yield* slotsWork(file, offsetIn(file, at))) {
      const { kind } = identify(manifest);
      if (kind) yield* resourceWork(kind, manifest.root);
    }
  }
  if (asksForPolicies) yield* policiesWork(file);
  if (!isAlone) yield* clusterWork(snapshot);
}

/** Reads what has not been read yet of a document, or only of the manifest at a place. */
function* treesWork(file: SourceFile, at?: Position): Work<void> {
  const offset = at && offsetIn(file, at);
  for (const { piece, start } of placesOf(file))
    if (offset === undefined || (start <= offset && offset <= start + piece.text.length)) {
      yield* manifestsWork(piece);
      yield* pieceWork(piece);
    }
}

/** Answers a request for verdicts in the cluster of a file; the cluster is evaluated in slices beforehand. */
export function judging<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (snapshot: Snapshot) => T,
): Promise<T | ResponseError<never>> {
  return judgingWork(session, uri, token, nothing, (snapshot) => atOnce(() => ask(snapshot)));
}

/** The same for an answer that is worked out in steps itself. */
export function judgingWork<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (snapshot: Snapshot) => Work<T>,
): Promise<T | ResponseError<never>> {
  const { snapshot } = session;
  return inSteps(session, token, nothing, function* () {
    yield;
    yield* clusterWork(snapshot);
    yield* evaluationWork(clusterFor(snapshot, uri));
    return yield* ask(snapshot);
  });
}

/** The same as `about` for an answer that takes longer: it is worked out in slices. Without a scope, nothing is made ready for it. */
export async function workAbout<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (feature: FeatureContext, document: OpenDocument) => Work<T>,
  scope?: RequestScope,
): Promise<T | ResponseError<never>> {
  const document = session.documents.get(uri);
  if (!document) return nothing;
  const context = featureContext(session, document);
  return inSteps(session, token, nothing, function* () {
    if (scope) yield* prepared(context, scope);
    return yield* ask(context, document);
  });
}

/** Answers a request that is not bound to one document. */
export function safely<T>(session: Session, token: CancellationToken, nothing: T, ask: () => T): Promise<T | ResponseError<never>> {
  return inSteps(session, token, nothing, () => atOnce(ask));
}

function* atOnce<T>(ask: () => T): Work<T> {
  yield;
  return ask();
}

/**
 * The same for an answer that takes longer. This is the one place where requests are answered. Messages that have come already are looked at first, so that a request that is cancelled
 * behind others costs nothing. An answer that is refused with an error reaches the client as it is; a failure is logged and answers nothing.
 */
export async function inSteps<T>(
  session: Session,
  token: CancellationToken,
  nothing: T,
  ask: () => Work<T>,
): Promise<T | ResponseError<never>> {
  try {
    const result = await slicesOf(
      (function* (): Work<{ readonly answer: T }> {
        return { answer: yield* ask() };
      })(),
      () => !token.isCancellationRequested,
    );
    return result ? result.answer : new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
  } catch (fault) {
    if (fault instanceof ResponseError) throw fault;
    session.client.fault(fault);
    return nothing;
  }
}

function featureContext(session: Session, document: OpenDocument): FeatureContext {
  const { uri, file } = document;
  return { uri, file, settings: session.settings.of(uri), snapshot: session.snapshot, snippets: session.abilities.snippets };
}
