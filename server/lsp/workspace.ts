import { count } from '../base/english.ts';
import { IGNORE_FILE, LEFT_OUT, type Host, type HostProblem } from '../host/host.ts';
import { isInside, fileNameOf, normalizeUri, parentOf, pathBelow } from '../workspace/uri.ts';
import { allUniverses, fileUris, withScope, type Snapshot } from '../workspace/snapshot.ts';
import { clusterSettings } from '../settings.ts';
import { fileReader } from './file-reader.ts';
import { progressOf, type Progress } from './progress.ts';
import { newReading, type Session } from './session.ts';
import { isSettingsFile } from './settings-files.ts';
import { requestedFileReader } from './requested-files.ts';

/** How many files are read before the snapshot is replaced. Small enough that a keystroke in between waits for a few milliseconds only. */
const FILES_PER_BATCH = 40;

/** Keeps the snapshot equal to what is on disk. `changed` is called whenever it may have become another one. Nothing here throws. */
export interface WorkspaceFiles {
  /** Folders come and go. They are read once `scan` has been called. */
  folders(added: readonly string[], removed: readonly string[]): void;
  /** Reads the folders. A scan before it that is still under way is dropped. */
  scan(): void;
  /** The settings changed: what forms one cluster may be another thing now. */
  rescope(): void;
  /** Files or whole folders that came, changed or went on disk. */
  update(uris: readonly string[]): void;
  /** The workspace as it is in the editor may name files that have not been read yet. */
  bringIn(): void;
  /** A document was closed: what counts from here on is the file on disk, if it belongs to the workspace. */
  closed(uri: string): void;
}

export function workspaceFiles(session: Session, host: Host, changed: () => void): WorkspaceFiles {
  let folders: readonly string[] = [];
  let scans = 0;
  let turns = 0;
  /** The turn in which each file was looked at last; what an earlier turn still has in hand is dropped. */
  const latest = new Map<string, number>();
  const report = reporterTo(session);
  const rescope = rescoping(session, () => folders);
  const reader = fileReader(session, host, report);
  const requestedFiles = requestedFileReader(session, host, () => folders, report);
  const run = runner(session, () => requestedFiles.bringIn(), changed);

  /** Reads what belongs to the workspace at and below some places, and drops what does not any more. */
  async function synchronise(places: readonly string[], isCurrent: () => boolean, progress?: Progress): Promise<void> {
    const turn = ++turns;
    const readInto = (uris: readonly string[]): Promise<void> =>
      reader.read(uris, (uri) => latest.get(uri) === turn && folderOf(uri, folders) !== undefined);
    let batch: string[] = [];
    let ignored = 0;
    for (const [folder, below] of byFolder(places, folders)) {
      for await (const entry of host.list(folder, below)) {
        if (!isCurrent()) return;
        if ('problem' in entry) {
          if (entry.why === 'ignored') ignored++;
          else report(entry);
          continue;
        }
        const uri = normalizeUri(entry.uri);
        if (isSettingsFile(uri)) session.settingsFiles.look(uri);
        if ((latest.get(uri) ?? 0) >= turn) continue;
        latest.set(uri, turn);
        batch.push(uri);
        if (batch.length < FILES_PER_BATCH) continue;
        await readInto(batch);
        progress?.more(batch.length);
        batch = [];
      }
    }
    await readInto(batch);
    if (!isCurrent()) return;
    dropMissing(places, turn);
    if (ignored > 0 && progress) session.client.log('information', `${count(ignored, 'file')} ignored by git: not read.`);
  }

  /** Takes out what an earlier turn has found at these places and this one has not. What is open stays: its text is in the editor. */
  function dropMissing(places: readonly string[], turn: number): void {
    const below = insideAny(places);
    drop((uri) => (latest.get(uri) ?? 0) < turn && below(uri), turn);
  }

  /** Takes out what lies in no folder any more. */
  function dropOutside(): void {
    drop((uri) => folderOf(uri, folders) === undefined, ++turns);
  }

  function drop(isGone: (uri: string) => boolean, turn: number): void {
    const gone = [...new Set([...fileUris(session.snapshot), ...session.snapshot.absent, ...latest.keys()])].filter(isGone);
    for (const uri of gone) latest.set(uri, turn);
    reader.drop(gone);
  }

  async function scanAll(): Promise<void> {
    const mine = ++scans;
    const started = performance.now();
    const progress = folders.length > 0 ? progressOf(session, 'Netpol: reading the workspace') : undefined;
    try {
      await synchronise(folders, () => mine === scans, progress);
      await requestedFiles.bringIn();
    } finally {
      progress?.done();
      if (mine === scans) {
        session.reading.finish();
        logScan(session, Math.round(performance.now() - started));
      }
    }
  }

  return {
    rescope,
    folders(added, removed) {
      const gone = removed.map(folderUri);
      const come = added.map(folderUri).filter((uri) => !folders.includes(uri));
      folders = [...folders.filter((uri) => !gone.includes(uri)), ...new Set(come)];
      for (const folder of come) session.settingsFiles.lookAbove(folder);
      rescope();
      if (gone.length > 0) dropOutside();
      if (scans === 0) return;
      if (come.length > 0 && session.reading.isDone()) session.reading = newReading();
      run(scanAll());
    },
    scan: () => run(scanAll()),
    update(uris) {
      const places = uris.map(normalizeUri).map((uri) => (fileNameOf(uri) === IGNORE_FILE ? parentOf(uri) : uri));
      requestedFiles.retry(places);
      run(synchronise([...new Set(places)], () => true));
    },
    bringIn: () => void requestedFiles.bringIn().then((isNews) => isNews && changed(), session.client.fault),
    closed: (uri) => run(synchronise([normalizeUri(uri)], () => true)),
  };
}

/** Updates what forms one cluster in the snapshot, if it has changed. */
function rescoping(session: Session, folders: () => readonly string[]): () => void {
  let scope = '';
  return () => {
    const scopes = { folders: folders(), ...clusterSettings(session.settings.of(folders()[0] ?? '')) };
    const now = JSON.stringify(scopes);
    if (now !== scope) session.snapshot = withScope(session.snapshot, scopes);
    scope = now;
  };
}

/** Runs work in the background, and reports when it has changed something; if it fails, the log says why, and everything else goes on. */
function runner(session: Session, bringIn: () => Promise<boolean>, changed: () => void): (work: Promise<void>) => void {
  let shown: Snapshot | undefined;
  const then = (): void => {
    // Most events are about files without manifests.
    if (shown === session.snapshot) return;
    shown = session.snapshot;
    changed();
  };
  return (work) => void work.then(bringIn).catch(session.client.fault).then(then);
}

/** Logs each problem once; what is simply not there is no problem. */
function reporterTo({ client }: Session): (problem: HostProblem) => void {
  const reported = new Set<string>();
  return ({ problem, why }) => {
    if (why === 'missing' || reported.has(problem)) return;
    reported.add(problem);
    client.log('warning', problem);
  };
}

/** The folder that a place lies in: the innermost, since that was opened on purpose even where the one around it leaves it out. */
function folderOf(place: string, folders: readonly string[]): string | undefined {
  return folders.filter((folder) => isInside(place, folder)).toSorted((a, b) => b.length - a.length)[0];
}

/** The places by the folder that decides about them; a folder that lies in another one decides about what is in it. */
function byFolder(places: readonly string[], folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (folder: string, place: string): void => {
    const inFolder = found.get(folder) ?? [];
    found.set(folder, inFolder);
    inFolder.push(place);
  };
  for (const place of places) {
    const folder = folderOf(place, folders);
    if (folder !== undefined && !isLeftOut(place, folder)) add(folder, place);
    for (const inner of folders) if (inner !== place && isInside(inner, place)) add(inner, inner);
  }
  return found;
}

/** Events come in their thousands from folders such as `node_modules`: those need no look at the disk. */
function isLeftOut(place: string, folder: string): boolean {
  return (pathBelow(place, folder) ?? '').split('/').some((name) => LEFT_OUT.has(name));
}

/** Is an address one of these places, or below one? */
function insideAny(places: readonly string[]): (uri: string) => boolean {
  const set = new Set(places);
  return (uri) => {
    for (let at = uri; ; at = parentOf(at)) {
      if (set.has(at)) return true;
      if (parentOf(at) === at) return false;
    }
  };
}

function folderUri(uri: string): string {
  return normalizeUri(uri).replace(/(?<=[^/])\/$/, '');
}

/** Asks the client to report created, changed and deleted files; folders, too, as their events come without those of their files. */
export function watchFiles({ client, abilities }: Session): void {
  if (!abilities.registersWatchers) return;
  const [CREATED, CHANGED, DELETED] = [1, 2, 4]; // `WatchKind` of the protocol
  const watchers = [
    { globPattern: '**/*.{yaml,yml,json}', kind: CHANGED },
    { globPattern: '**/{Kustomization,.gitignore}', kind: CHANGED },
    { globPattern: '**/*', kind: CREATED + DELETED },
  ];
  const registration = { id: 'netpol-files', method: 'workspace/didChangeWatchedFiles', registerOptions: { watchers } };
  client.order('client/registerCapability', { registrations: [registration] });
}

/** What was read, for the log: how many files with manifests, and which clusters they form. */
function logScan({ snapshot, client }: Session, milliseconds: number): void {
  const clusters = allUniverses(snapshot);
  const files = count(fileUris(snapshot).length, 'file');
  client.log('information', `${files} with manifests read in ${milliseconds} ms; ${count(clusters.length, 'cluster')}.`);
}
