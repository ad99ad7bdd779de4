import {
  DocumentHighlightKind,
  LSPErrorCodes,
  ResponseError,
  SymbolKind,
  type Definition,
  type DocumentHighlight,
  type Location,
  type LocationLink,
  type CancellationToken,
  type Position,
  type Range,
  type ServerCapabilities,
  type SymbolInformation,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { definition } from '../features/definition.ts';
import { highlight } from '../features/highlight.ts';
import type { OccurrenceSpot } from '../features/navigation/place.ts';
import { references } from '../features/references.ts';
import { prepareRename, rename, type RenameRefusal, type RenamedFile } from '../features/rename.ts';
import { workspaceSymbols } from '../features/workspace-symbols.ts';
import { offsetIn } from '../syntax/positions.ts';
import { locate } from '../workspace/locate.ts';
import { reading } from '../workspace/record.ts';
import { clusterWork, fileAt, withFiles } from '../workspace/snapshot.ts';
import { isMember, normalizeUri } from '../workspace/uri.ts';
import { rangeIn, rangeOf } from './convert.ts';
import { safely, workAbout } from './requests.ts';
import type { Session } from './session.ts';

/** What the server says of itself about going from place to place. */
export const navigationCapabilities: Pick<
  ServerCapabilities,
  'definitionProvider' | 'referencesProvider' | 'documentHighlightProvider' | 'renameProvider' | 'workspaceSymbolProvider'
> = {
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  workspaceSymbolProvider: true,
};

/** Asks about an open document, with every open document as it is in the editor now: a renaming must not meet an older text. */
function asking<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (feature: FeatureContext) => T,
): Promise<T | ResponseError<never>> {
  const open = [...session.documents.values()].filter((document) => isMember(document.uri));
  return workAbout(session, uri, token, nothing, function* (feature) {
    const newer = open.filter((document) => fileAt(feature.snapshot, document.uri) !== document.file);
    yield;
    for (const { file } of newer) yield* reading(file, true);
    const snapshot =
      newer.length === 0
        ? feature.snapshot
        : withFiles(
            feature.snapshot,
            newer.map((document) => ({ uri: document.uri, file: document.file, keepTrees: true })),
          );
    yield* clusterWork(snapshot);
    return ask({ ...feature, snapshot });
  });
}

/**
 * The same once the workspace has been read: half of the places that a name stands at would be a wrong answer, and a renaming of half of
 * them a wrong edit. Where the document has changed meanwhile, its places have too, and the client has to ask again.
 */
async function askingWhole<T>(
  session: Session,
  uri: string,
  token: CancellationToken,
  nothing: T,
  ask: (feature: FeatureContext) => T,
): Promise<T | ResponseError<never>> {
  const document = session.documents.get(uri);
  await session.reading.done;
  if (session.documents.get(uri) !== document) return new ResponseError<never>(LSPErrorCodes.ContentModified, 'The document has changed.');
  return asking(session, uri, token, nothing, ask);
}

/** Answers definition, references, highlights, renaming and symbols of the workspace. */
export function answerNavigation(session: Session): void {
  const { connection } = session;
  connection.onDefinition(({ textDocument, position }, token) =>
    asking(session, textDocument.uri, token, null, (feature) => definitionAt(session, feature, position)),
  );
  connection.onReferences(({ textDocument, position, context }, token) =>
    askingWhole(session, textDocument.uri, token, [], (feature) =>
      references(feature, offsetIn(feature.file, position), context.includeDeclaration).map((spot) => locationOf(session, spot)),
    ),
  );
  connection.onDocumentHighlight(({ textDocument, position }, token) =>
    asking(session, textDocument.uri, token, [], (feature) => highlightsAt(feature, position)),
  );
  connection.onWorkspaceSymbol(({ query }, token) => safely(session, token, [], () => symbolsFor(session, query)));
  connection.onPrepareRename(({ textDocument, position }, token) =>
    askingWhole(session, textDocument.uri, token, null, (feature) => refusing(renamableAt(feature, position))),
  );
  connection.onRenameRequest(({ textDocument, position, newName }, token) =>
    askingWhole(session, textDocument.uri, token, null, (feature) => refusing(renamed(session, feature, position, newName))),
  );
}

function definitionAt(session: Session, context: FeatureContext, place: Position): Definition | LocationLink[] | null {
  const found = definition(context, offsetIn(context.file, place));
  if (!found) return null;
  if (!session.abilities.definitionLinks) return found.targets.map((spot) => locationOf(session, spot));
  const originSelectionRange = rangeOf(context.file, found.word);
  return found.targets.map((spot) => ({
    originSelectionRange,
    targetUri: spokenUri(session, spot.uri),
    targetRange: spot.placed.manifest.root
      ? rangeIn(spot.file, spot.placed, spot.placed.manifest.root.span)
      : rangeOf(spot.file, spot.span),
    targetSelectionRange: rangeOf(spot.file, spot.span),
  }));
}

function locationOf(session: Session, { uri, file, span }: Pick<OccurrenceSpot, 'uri' | 'file' | 'span'>): Location {
  return { uri: spokenUri(session, uri), range: rangeOf(file, span) };
}

/** An open document is named the way the editor names it. */
function spokenUri({ documents }: Session, uri: string): string {
  return documents.has(uri) ? uri : ([...documents.keys()].find((open) => normalizeUri(open) === uri) ?? uri);
}

function highlightsAt(context: FeatureContext, place: Position): DocumentHighlight[] {
  return highlight(context, offsetIn(context.file, place)).map(({ defines, ...span }) => ({
    range: rangeOf(context.file, span),
    kind: defines ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}

const SYMBOL_KINDS = {
  policy: SymbolKind.Class,
  workload: SymbolKind.Module,
  namespace: SymbolKind.Namespace,
  service: SymbolKind.Interface,
  set: SymbolKind.Array,
  tier: SymbolKind.Enum,
} as const;

function symbolsFor(session: Session, query: string): SymbolInformation[] {
  return workspaceSymbols(session.snapshot, query).flatMap(({ name, container, role, kind, key }) => {
    const found = locate(session.snapshot, key, ['metadata', 'name']);
    const containerName = container === kind ? kind : `${container} (${kind})`;
    return found ? [{ name, kind: SYMBOL_KINDS[role], containerName, location: locationOf(session, found) }] : [];
  });
}

function renamableAt(context: FeatureContext, place: Position): { readonly range: Range; readonly placeholder: string } | RenameRefusal {
  const found = prepareRename(context, offsetIn(context.file, place));
  return found.ok ? { range: rangeOf(context.file, found.word), placeholder: found.text } : found;
}

function renamed(session: Session, context: FeatureContext, place: Position, name: string): WorkspaceEdit | RenameRefusal {
  const found = rename(context, offsetIn(context.file, place), name);
  if (!found.ok) return found;
  const edits = ({ file, edits: all }: RenamedFile): { range: Range; newText: string }[] =>
    all.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text }));
  const uris = new Map(found.files.map(({ uri }) => [uri, spokenUri(session, uri)]));
  if (!session.abilities.documentChanges)
    return { changes: Object.fromEntries(found.files.map((one) => [uris.get(one.uri) ?? one.uri, edits(one)])) };
  return {
    documentChanges: found.files.map((one) => {
      const uri = uris.get(one.uri) ?? one.uri;
      return { textDocument: { uri, version: session.documents.get(uri)?.version ?? null }, edits: edits(one) };
    }),
  };
}

/** Editors show the message of a failed request, so a refusal is reported as a failure. */
function refusing<T extends object>(answer: T | RenameRefusal): T {
  if (isRefusal(answer)) throw new ResponseError(LSPErrorCodes.RequestFailed, answer.why);
  return answer;
}

function isRefusal(answer: object): answer is RenameRefusal {
  return 'ok' in answer && answer.ok === false;
}
