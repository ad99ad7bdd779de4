import type { Diagnostic } from 'vscode-languageserver';
import { count } from '../base/english.ts';
import type { Work } from '../base/work.ts';
import { expectationResults } from '../features/expectation-results.ts';
import { fixAll } from '../features/quick-fix.ts';
import { mayHoldManifests } from '../host/host.ts';
import type { Settings } from '../settings.ts';
import { dropTree, isParsed } from '../syntax/manifest.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { fileAt, fileUris, isPatch, problemsIn, universeOf, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { isInside, normalizeUri, pathBelow } from '../workspace/uri.ts';
import { rangeOf } from './convert.ts';
import { fingerprint } from './fingerprint.ts';
import type { OpenDocument } from './documents.ts';
import type { FileExpectations, RemediationTextEdit, WorkspaceCheck } from './protocol.ts';
import { diagnosticsOf, type PublishContext } from './publish.ts';
import type { Session } from './session.ts';
import { slicesOf } from './slices.ts';

/** The problems of files that are not open. */
export interface WorkspaceProblems {
  /** The workspace may be another one: they are worked out anew once it has not changed for a moment. */
  renew(): void;
  /** Works them out now, whatever the settings; calls `more` for each file. `undefined` where it is no longer wanted. */
  check(isNeeded: () => boolean, more: (done: number, all: number) => void): Promise<WorkspaceCheck | undefined>;
  /** What is known of each file in scope, for clients that ask. Files that have not changed since cost nothing. */
  pull(isNeeded: () => boolean): Promise<readonly FileProblems[]>;
}

/** The diagnostics of one file. */
export interface FileProblems {
  readonly uri: string;
  /** The version of an open document. */
  readonly version?: number;
  readonly items: readonly Diagnostic[];
  readonly resultId: string;
}

/** More files would flood the editor. */
const MAX_FILES = 1_000;

/** Milliseconds without a change before closed files are looked at. */
const PAUSE_MILLISECONDS = 600;

/** What the diagnostics of a file were worked out from. */
interface Judged extends FileProblems {
  readonly basis: readonly unknown[];
  /** The files that the diagnostics point to, as they were: an edit moves the places in them. */
  readonly related: ReadonlyMap<string, SourceFile | undefined>;
}

export function workspaceProblems(session: Session, context: PublishContext): WorkspaceProblems {
  const judged = new Map<string, Judged>();
  /** What the editor shows of closed files, by address. */
  const shown = new Map<string, string>();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let isLimitReported = false;

  async function problemsOf(uri: string, isNeeded: () => boolean): Promise<Judged | undefined> {
    const document = openOrClosed(session, uri);
    if (!document) return undefined;
    const { snapshot } = session;
    const basis = basisOf(snapshot, document, session.settings.of(document.uri));
    const before = judged.get(uri);
    if (before && isCurrent(before, basis, snapshot)) return before;
    const items = await slicesOf(leavingNoTrees(document, context), isNeeded);
    if (!items) return undefined;
    const version = session.documents.has(document.uri) ? { version: document.version } : {};
    const related = relatedFiles(items, snapshot);
    const found = { uri: document.uri, ...version, items, resultId: fingerprint(JSON.stringify(items)), basis, related };
    judged.set(uri, found);
    return found;
  }

  function show({ uri, items, resultId }: FileProblems): void {
    if ((shown.get(uri) ?? EMPTY) === resultId) return;
    if (items.length === 0) shown.delete(uri);
    else shown.set(uri, resultId);
    context.client.tell('textDocument/publishDiagnostics', { uri, diagnostics: [...items] });
  }

  /** What is shown of files that are open, gone or out of scope is no longer ours to show. */
  function withdraw(uris: ReadonlySet<string>): void {
    const open = new Set([...session.documents.keys()].map(normalizeUri));
    for (const uri of shown.keys()) {
      if (open.has(uri)) shown.delete(uri);
      else if (!uris.has(uri)) show({ uri, items: [], resultId: EMPTY });
    }
  }

  async function showAll(
    uris: readonly string[],
    isNeeded: () => boolean,
    more: (done: number) => void,
  ): Promise<WorkspaceCheck | undefined> {
    withdraw(new Set(uris));
    const open = new Set([...session.documents.keys()].map(normalizeUri));
    const found = { files: uris.length, errors: 0, warnings: 0 };
    for (const [i, uri] of uris.entries()) {
      const problems = await problemsOf(uri, isNeeded);
      if (!isNeeded()) return undefined;
      if (!problems) continue;
      if (!open.has(uri)) show(problems);
      found.errors += problems.items.filter(({ severity }) => severity === 1).length;
      found.warnings += problems.items.filter(({ severity }) => severity === 2).length;
      more(i + 1);
    }
    return found;
  }

  /** The files in scope, at most as many as an editor can show; says once that there are more. */
  function inScope(): readonly string[] {
    const uris = filesInScope(session);
    if (uris.length > MAX_FILES && !isLimitReported) {
      isLimitReported = true;
      context.client.show(
        'information',
        `Netpol: the problems of the first ${count(MAX_FILES, 'file')} of ${uris.length} are shown. 'Check Workspace' and 'netpol check' report all; 'netpol.diagnostics.scope' limits what is checked.`,
      );
    }
    return uris.slice(0, MAX_FILES);
  }

  return {
    renew() {
      clearTimeout(waiting);
      if (context.isPulled()) return;
      waiting = setTimeout(() => {
        const { snapshot } = session;
        const isNeeded = (): boolean => session.snapshot === snapshot;
        showAll(inScope(), isNeeded, () => undefined).catch(context.client.fault);
      }, PAUSE_MILLISECONDS);
    },
    check(isNeeded, more) {
      clearTimeout(waiting);
      const uris = allFiles(session);
      return showAll(uris, isNeeded, (done) => more(done, uris.length));
    },
    async pull(isNeeded) {
      const found: FileProblems[] = [];
      for (const uri of inScope()) {
        const problems = await problemsOf(uri, isNeeded);
        if (problems) found.push(problems);
      }
      return found;
    },
  };
}

const EMPTY = fingerprint('[]');

/** A document as it is open, or the file as the workspace has it. YAML errors of closed files are reported by no other extension. */
function openOrClosed({ documents, snapshot }: Session, uri: string): OpenDocument | undefined {
  const open = [...documents.values()].find((one) => normalizeUri(one.uri) === uri);
  const file = fileAt(snapshot, uri);
  return open ?? (file && { uri, languageId: '', version: 0, file });
}

/** What the problems of a file depend on: its text, the clusters that it is part of, what builds say of it, and the settings. */
function basisOf(snapshot: Snapshot, { uri, file }: OpenDocument, settings: Settings): readonly unknown[] {
  const ofBuilds = problemsIn(snapshot, uri).flatMap(({ problem, clusters }) => [problem, clusters.join('\n')]);
  return [file, settings, isPatch(snapshot, uri), ...universesOf(snapshot, uri).map((id) => universeOf(snapshot, id)), ...ofBuilds];
}

/** Has nothing changed that the diagnostics hang on? */
function isCurrent({ basis: before, related }: Judged, basis: readonly unknown[], snapshot: Snapshot): boolean {
  if (before.length !== basis.length || basis.some((one, i) => one !== before[i])) return false;
  return [...related].every(([uri, file]) => fileAt(snapshot, uri) === file);
}

function relatedFiles(items: readonly Diagnostic[], snapshot: Snapshot): Judged['related'] {
  const uris = items.flatMap(({ relatedInformation }) => relatedInformation ?? []).map(({ location }) => location.uri);
  return new Map(uris.map((uri) => [uri, fileAt(snapshot, uri)]));
}

/** The diagnostics of a document; trees that were not there before are dropped again, as closed files keep none. */
function* leavingNoTrees(document: OpenDocument, context: PublishContext): Work<readonly Diagnostic[]> {
  const isOpen = context.documents.has(document.uri);
  const unparsed = isOpen ? [] : document.file.pieces.filter((piece) => !isParsed(piece));
  const items = yield* diagnosticsOf(document, context);
  for (const piece of unparsed) dropTree(piece);
  return items;
}

/** The files of the workspace folders, sorted; without what kustomizations name as data, such as a text for a generated ConfigMap. */
function allFiles({ snapshot }: Session): readonly string[] {
  const { folders } = snapshot.scope;
  return fileUris(snapshot)
    .filter((uri) => mayHoldManifests(uri) && folders.some((folder) => isInside(uri, folder)))
    .toSorted();
}

/** `netpol.diagnostics.scope`: the workspace, the folders with an open document, or nothing but these documents themselves. */
function filesInScope(session: Session): readonly string[] {
  const { diagnosticsScope } = session.settings.of('');
  if (diagnosticsScope === 'openFiles') return [];
  const all = allFiles(session);
  if (diagnosticsScope === 'workspace') return all;
  const open = [...session.documents.keys()].map(normalizeUri);
  const folders = session.snapshot.scope.folders.filter((folder) => open.some((uri) => isInside(uri, folder)));
  return all.filter((uri) => folders.some((folder) => isInside(uri, folder)));
}

/** The edits of every safe fix in the workspace, by file, each with its title. */
export function* workspaceFixes(session: Session): Work<Readonly<Record<string, readonly WorkspaceFix[]>>> {
  const found: Record<string, readonly WorkspaceFix[]> = {};
  for (const uri of allFiles(session)) {
    const document = openOrClosed(session, uri);
    if (!document) continue;
    const { file } = document;
    const options = { uri, settings: session.settings.of(document.uri), partial: isPatch(session.snapshot, uri) };
    const fixes = fixAll(file, options).flatMap(({ place, finding, fix }) =>
      fix.edits.map(({ start, end, text }) => ({
        title: fix.title,
        code: finding.code,
        edit: { range: rangeOf(file, { start: place.start + start, end: place.start + end }), newText: text },
      })),
    );
    if (fixes.length > 0) found[document.uri] = fixes;
    yield;
  }
  return found;
}

/** The expectations of the workspace, by file, in the order of their addresses. */
export function* workspaceExpectations(session: Session): Work<readonly FileExpectations[]> {
  const { snapshot } = session;
  const found: FileExpectations[] = [];
  for (const uri of allFiles(session)) {
    const file = fileAt(snapshot, uri);
    const results = yield* expectationResults(snapshot, uri);
    if (!file || results.length === 0) continue;
    const folder = snapshot.scope.folders.find((one) => isInside(uri, one));
    const expectations = results.map(({ span, ...result }, i) => ({
      ...result,
      id: `${uri}#${i} ${result.text}`,
      range: rangeOf(file, span),
    }));
    found.push({ uri, name: (folder === undefined ? undefined : pathBelow(uri, folder)) ?? uri, expectations });
    yield;
  }
  return found;
}

/** One edit, and the fix that it belongs to. */
export interface WorkspaceFix {
  readonly title: string;
  readonly code: string;
  readonly edit: RemediationTextEdit;
}
