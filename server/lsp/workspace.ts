import { DidChangeWatchedFilesNotification, type WorkspaceFolder } from 'vscode-languageserver';
import type { Host } from '../host/host.ts';
import { mayHoldManifests } from '../host/host.ts';
import { mayMatter } from '../model/identify.ts';
import { sourceFile } from '../syntax/source-file.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { withFile, withFiles, withScope, type FileChange } from '../workspace/snapshot.ts';
import type { Session } from './session.ts';

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

  async function readInto(uris: readonly string[]): Promise<void> {
    const contents = await Promise.all(uris.map((uri) => host.read(uri)));
    const open = openUris(session);
    const changes = uris.flatMap((uri, i): readonly FileChange[] => {
      const content = contents[i];
      // What the editor has open counts, whatever the disk says; it may have been opened while the file was read.
      if (!content || open.has(normalizeUri(uri))) return [];
      const matters =
        'text' in content && (mayMatter(content.text) || content.text.includes('expect:') || /kustomization\.ya?ml$/i.test(uri));
      return [{ uri, file: matters ? sourceFile(content.text) : undefined, keepTrees: false }];
    });
    if (changes.length > 0) session.snapshot = withFiles(session.snapshot, changes);
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
      session.snapshot = withFile(session.snapshot, uri, undefined);
      void readInto([uri]).then(changed);
    },
  };
}

function openUris(session: Session): ReadonlySet<string> {
  return new Set([...session.documents.keys()].map(normalizeUri));
}

/** Asks the client to tell of files that come, change and go. */
export async function watchFiles(session: Session): Promise<void> {
  if (session.client.workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return;
  await session.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{yaml,yml,json}' }] });
}
