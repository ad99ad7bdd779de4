import type { Diagnostic } from 'vscode-languageserver';
import { diagnose } from '../features/diagnose.ts';
import { diagnoseBuilt } from '../features/diagnose-built.ts';
import { diagnoseWorkspace } from '../features/diagnose-workspace.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { shownFindings } from '../features/shown-findings.ts';
import type { Settings } from '../settings.ts';
import { spanOf } from '../syntax/locate-path.ts';
import { manifestsOf, type SourceFile } from '../syntax/source-file.ts';
import { reading } from '../workspace/record.ts';
import { clusterWork, fileAt, isPatch, withFile, type Snapshot } from '../workspace/snapshot.ts';
import { diagnosticOf, type DiagnosticContext } from './convert.ts';
import type { Abilities } from './abilities.ts';
import type { Client } from './client.ts';
import type { OpenDocument } from './documents.ts';
import { isSettingsFile, settingsDiagnostics } from './settings-files.ts';
import { inSlices } from './slices.ts';
import { statusNotification } from './protocol.ts';
import { statusOf } from './status.ts';

/** What publishing asks of the session. */
export interface PublishContext {
  readonly client: Client;
  /** What the client takes of a diagnostic. */
  readonly abilities: () => Abilities['diagnostics'];
  readonly documents: ReadonlyMap<string, OpenDocument>;
  readonly snapshot: () => Snapshot;
  readonly setSnapshot: (snapshot: Snapshot) => void;
  readonly settings: (uri: string) => Settings;
  readonly links: Pick<DiagnosticContext, 'page' | 'elsewhere'>;
  /** Does another extension already report this kind of finding here? */
  readonly leftToOthers: (code: string, document: OpenDocument) => boolean;
  /** Has the workspace been read? Before, only the text of a document speaks for itself. */
  readonly isRead: () => boolean;
  /** Does the client ask for diagnostics itself? Then nothing is pushed. */
  readonly isPulled: () => boolean;
  /** The workspace has been asked about every open document: what hangs on it can be shown anew. */
  readonly settled: () => void;
  /** Is the client one of ours, which shows a status? */
  readonly showsStatus: () => boolean;
}

/** Milliseconds without a key before the workspace is asked; what the file says by itself waits for nothing. */
const PAUSE_MILLISECONDS = 40;

/** How many manifests of a file that has just been opened are shown before the others have been looked at. */
const FIRST_MANIFESTS = 40;

/** Pushes diagnostics. What a file says by itself comes at once; what the workspace says of it follows, in slices. */
export interface Publisher {
  /** A document was opened or changed: its own findings now, those of the workspace for it and then for the others later. */
  readonly show: (document: OpenDocument) => void;
  /** Something else changed (settings, files on disk): everything again, what is still right costs nothing. */
  readonly refresh: () => void;
  /** A document was closed: its diagnostics go. */
  readonly remove: (uri: string) => void;
}

interface Shown {
  readonly local: readonly PlacedFinding[];
  readonly workspace: readonly PlacedFinding[];
  readonly sent: string;
}

export function publisher(context: PublishContext): Publisher {
  const shown = new Map<string, Shown>();

  function send(document: OpenDocument, local: readonly PlacedFinding[], workspace: readonly PlacedFinding[], always: boolean): void {
    const { uri, version } = document;
    const diagnostics = diagnosticsFrom(document, [...local, ...workspace], context);
    const sent = JSON.stringify(diagnostics);
    const before = shown.get(uri);
    shown.set(uri, { local, workspace, sent });
    if (!always && before?.sent === sent) return;
    context.client.tell('textDocument/publishDiagnostics', { uri, version, diagnostics });
    if (context.showsStatus()) context.client.tell(statusNotification, statusOf(diagnostics));
  }

  const failed = context.client.fault;

  /** Puts an open document into the workspace. It is read beforehand, so that adding it costs little. */
  function takeIn(document: OpenDocument, then: () => void): void {
    const isCurrent = (): boolean => context.documents.get(document.uri) === document;
    const done = (): void => {
      context.setSnapshot(withFile(context.snapshot(), document.uri, document.file));
      then();
    };
    inSlices(reading(document.file, true), { isCurrent, done, failed });
  }

  function showLocal(document: OpenDocument, then: () => void): void {
    const { uri, file } = document;
    const isCurrent = (): boolean => context.documents.get(uri) === document;
    const showAll = (): void => {
      const done = (local: readonly PlacedFinding[]): void => {
        send(document, local, carried(file, shown.get(uri)?.workspace ?? []), true);
        takeIn(document, then);
      };
      inSlices(localFindings(document, context), { isCurrent, done, failed });
    };
    if (shown.has(uri) || file.pieces.length <= FIRST_MANIFESTS) return showAll();
    const done = (local: readonly PlacedFinding[]): void => {
      send(document, local, [], true);
      setImmediate(() => isCurrent() && showAll());
    };
    inSlices(localFindings(document, context, FIRST_MANIFESTS), { isCurrent, done, failed });
  }

  /** What the workspace says of open documents, one after the other; started anew whenever the workspace changes meanwhile. */
  function showWorkspace(queue: readonly string[], first = true): void {
    if (!context.isRead()) return context.settled();
    const snapshot = context.snapshot();
    const [uri, ...rest] = queue;
    const document = uri === undefined ? undefined : context.documents.get(uri);
    if (!document) return uri === undefined ? context.settled() : showWorkspace(rest, first);
    const isCurrent = (): boolean => context.snapshot() === snapshot;
    const done = ({ local, workspace }: Pick<Shown, 'local' | 'workspace'>): void => {
      if (context.documents.get(document.uri) === document) send(document, local, workspace, false);
      showWorkspace(rest, false);
    };
    // What is said of the other documents does not hang on this one.
    const past = (fault: unknown): void => {
      failed(fault);
      showWorkspace(rest, false);
    };
    setTimeout(
      () => {
        if (!isCurrent()) return;
        const { local } = shown.get(document.uri) ?? { local: [] };
        inSlices(inWorkspace(snapshot, document, context, local), { isCurrent, done, failed: past });
      },
      first ? PAUSE_MILLISECONDS : 0,
    );
  }

  const queueFrom = (first?: string): readonly string[] => [
    ...new Set([...(first === undefined ? [] : [first]), ...context.documents.keys()]),
  ];

  /** Clients that pull diagnostics are asked to pull again once typing pauses. */
  let settling: ReturnType<typeof setTimeout> | undefined;
  function settle(): void {
    clearTimeout(settling);
    settling = setTimeout(() => context.settled(), PAUSE_MILLISECONDS);
  }

  return {
    show(document) {
      if (!context.isPulled()) showLocal(document, () => showWorkspace(queueFrom(document.uri)));
      else takeIn(document, settle);
    },
    refresh() {
      if (context.isPulled()) return settle();
      if (context.documents.size === 0) return context.settled();
      let waiting = context.documents.size;
      const done = (): void => void (--waiting <= 0 && showWorkspace(queueFrom()));
      for (const document of context.documents.values()) showLocal(document, done);
    },
    remove(uri) {
      shown.delete(uri);
      if (!context.isPulled()) context.client.tell('textDocument/publishDiagnostics', { uri, diagnostics: [] });
    },
  };
}

function localFindings(
  { uri, file }: OpenDocument,
  context: PublishContext,
  maxManifests?: number,
): Generator<void, readonly PlacedFinding[]> {
  const options = { uri, settings: context.settings(uri), partial: isPatch(context.snapshot(), uri) };
  return diagnose(file, maxManifests === undefined ? options : { ...options, maxManifests });
}

/** What the workspace says of a document, and what is left of what its text says by itself once builds are looked at. */
function* inWorkspace(
  snapshot: Snapshot,
  { uri }: OpenDocument,
  context: PublishContext,
  local: readonly PlacedFinding[],
): Generator<void, Pick<Shown, 'local' | 'workspace'>> {
  yield* clusterWork(snapshot);
  const settings = context.settings(uri);
  const workspace = yield* diagnoseWorkspace(snapshot, uri, settings);
  return { local: yield* diagnoseBuilt(snapshot, uri, settings, local), workspace };
}

/** All diagnostics of a document, for clients that ask for them. */
export function* diagnosticsOf(document: OpenDocument, context: PublishContext): Generator<void, readonly Diagnostic[]> {
  const { uri, file } = document;
  const local = yield* localFindings(document, context);
  yield* reading(file, true);
  // The workspace takes an edit in a moment later; what it says must be about the text that was asked about.
  const latest = context.snapshot();
  const snapshot = fileAt(latest, uri) === file ? latest : withFile(latest, uri, file);
  const judged = context.isRead() ? yield* inWorkspace(snapshot, document, context, local) : { local, workspace: [] };
  return diagnosticsFrom(document, [...judged.local, ...judged.workspace], context);
}

function diagnosticsFrom(document: OpenDocument, found: readonly PlacedFinding[], context: PublishContext): Diagnostic[] {
  const { uri, file } = document;
  if (isSettingsFile(uri)) return settingsDiagnostics(file);
  const options = { uri, settings: context.settings(uri), partial: isPatch(context.snapshot(), uri) };
  return shownFindings(found, options)
    .filter(({ finding }) => !context.leftToOthers(finding.code, document))
    .map((placed) => diagnosticOf(placed, { uri, file, abilities: context.abilities(), ...context.links }));
}

/**
 * Findings of the workspace carried over an edit, until they are worked out again: those of untouched manifests as they are, those of the
 * edited one moved to where their field stands now. Without this they would flicker at every key.
 */
function carried(file: SourceFile, findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  if (findings.length === 0) return findings;
  const places = manifestsOf(file);
  const byManifest = new Map(places.map((place) => [place.manifest, place]));
  return findings.flatMap(({ place, finding }) => {
    const same = byManifest.get(place.manifest);
    if (same) return [{ place: same, finding }];
    const moved = places.find((other) => other.document === place.document && other.prefix.join() === place.prefix.join());
    const span = moved && finding.path.length > 0 ? spanOf(moved.manifest.root, finding.path) : undefined;
    return moved && span ? [{ place: moved, finding: { ...finding, span, fixes: [] } }] : [];
  });
}
