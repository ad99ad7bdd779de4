import { mayExpect } from '../syntax/expectation.ts';
import { DidChangeWatchedFilesNotification, type WorkspaceFolder } from 'vscode-languageserver';
import type { Work } from '../base/work.ts';
import { type Host, type HostText, mayHoldManifests } from '../host/host.ts';
import { mayMatter } from '../model/identify.ts';
import { sourceFile } from '../syntax/source-file.ts';
import { growing, PORTION, reading } from '../workspace/record.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { withFiles, withScope, type FileChange } from '../workspace/snapshot.ts';
import type { Session } from './session.ts';
import { slicesOf } from './slices.ts';

/** How many files are read before the snapshot is replaced. Small enough that a keystroke in between waits for a few milliseconds only. */
const BATCH = 40;

/** Follows the files of the workspace: reads them all once, then as they come, change and go. `changed` is called when that is done. */
export interface WorkspaceFiles {
  /** Reads the folders; may be called again, the scan before it is then dropped. */
  scan(folders: readonly WorkspaceFolder[]): Promise<void>;
  /** The settings changed: what forms one cluster may be another thing now. */
  rescope(): void;
  /** Files that came, changed or went on disk. */
  update(uris: readonly string[]): Promise<void>;
  /** A document was closed: what counts from here on is the file on disk. */
  closed(uri: string): void;
}

export function workspaceFiles(session: Session, host: Host, changed: () => void): WorkspaceFiles {
  let running = 0;
  let known: readonly WorkspaceFolder[] = [];
  /** The reading of each file that was asked for last; one before it that is still under way is dropped. */
  const asked = new Map<string, object>();

  async function readInto(uris: readonly string[]): Promise<void> {
    const mine = {};
    for (const uri of uris) asked.set(normalizeUri(uri), mine);
    const contents = await Promise.all(uris.map((uri) => host.read(uri)));
    const changes = uris.flatMap((uri, i) => changeOf(uri, contents[i]));
    await slicesOf(takingIn(changes, (uri) => asked.get(normalizeUri(uri)) === mine));
    for (const uri of uris) if (asked.get(normalizeUri(uri)) === mine) asked.delete(normalizeUri(uri));
  }

  /** Reads files in steps, then puts them into the snapshot: the small ones together, each big one by portions. */
  function* takingIn(changes: readonly FileChange[], isWanted: (uri: string) => boolean): Work<void> {
    for (const { uri, file } of changes) {
      for (const step of file ? reading(file, false) : []) {
        if (!isWanted(uri)) break;
        yield step;
      }
    }
    const put = (some: readonly FileChange[]): void => {
      // What the editor has open counts, whatever the disk says; it may have been opened while the file was read.
      const open = openUris(session);
      const wanted = some.filter(({ uri }) => isWanted(uri) && !open.has(normalizeUri(uri)));
      if (wanted.length > 0) session.snapshot = withFiles(session.snapshot, wanted);
    };
    const isBig = ({ file }: FileChange): boolean => file !== undefined && file.pieces.length > PORTION;
    put(changes.filter((change) => !isBig(change)));
    for (const change of changes.filter(isBig)) {
      for (const file of change.file ? growing(change.file) : []) {
        yield;
        put([{ ...change, file }]);
      }
    }
  }

  function rescope(): void {
    session.snapshot = withScope(session.snapshot, { folders: known.map(({ uri }) => uri), clusters: session.settings.of('').clusters });
  }

  async function scan(folders: readonly WorkspaceFolder[]): Promise<void> {
    const mine = ++running;
    known = folders;
    rescope();
    if (folders.length === 0) return;
    const progress = await session.connection.window.createWorkDoneProgress();
    progress.begin('Netpol: reading the workspace', undefined, undefined, false);
    let count = 0;
    let batch: string[] = [];
    for (const { uri } of folders) {
      for await (const entry of host.list(uri)) {
        if (running !== mine) return progress.done();
        if ('problem' in entry) {
          session.connection.console.warn(entry.problem);
          continue;
        }
        batch.push(entry.uri);
        if (batch.length < BATCH) continue;
        await readInto(batch);
        count += batch.length;
        progress.report(`${count} files`);
        batch = [];
      }
    }
    await readInto(batch);
    progress.done();
    changed();
  }

  return {
    scan,
    rescope,
    async update(uris) {
      await readInto(uris.filter(mayHoldManifests));
      changed();
    },
    closed(uri) {
      void readInto([uri]).then(changed);
    },
  };
}

/** What a file on disk means to the snapshot; nothing where it was not looked for. */
function changeOf(uri: string, content: HostText | undefined): readonly FileChange[] {
  if (!content) return [];
  const matters = 'text' in content && (mayMatter(content.text) || mayExpect(content.text) || /kustomization\.ya?ml$/i.test(uri));
  return [{ uri, file: matters ? sourceFile(content.text) : undefined, keepTrees: false }];
}

function openUris(session: Session): ReadonlySet<string> {
  return new Set([...session.documents.keys()].map(normalizeUri));
}

/** Asks the client to tell of files that come, change and go. */
export async function watchFiles(session: Session): Promise<void> {
  if (session.client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  await session.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{yaml,yml,json}' }] });
}
