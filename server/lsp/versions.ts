import type { Versions } from '../features/code-lens.ts';
import type { Host } from '../host/host.ts';
import { mayHoldManifests } from '../host/host.ts';
import { revised, sourceFile, type SourceFile } from '../syntax/source-file.ts';
import type { Version } from '../workspace/reverted.ts';
import { fileAt, type Snapshot } from '../workspace/snapshot.ts';
import { normalizeUri } from '../workspace/uri.ts';
import type { OpenDocument } from './documents.ts';
import type { HeadParams } from './protocol.ts';

/** Earlier versions of files: what the disk has of open documents, and what the client says the last commit has. */
export interface EarlierVersions {
  /** Those of a file, as far as they are known. */
  of(uri: string): Versions;
  /** Every file that may differ from an earlier state of the workspace, with its version there; `undefined` where that state is not known. */
  since(since: 'disk' | 'head'): ReadonlyMap<string, Version> | undefined;
  /** Waits until what the disk has of a document has been read. */
  read(uri: string): Promise<void>;
  opened(document: OpenDocument): void;
  /** The document has been written to disk as it is. */
  saved(document: OpenDocument): void;
  closed(uri: string): void;
  /** Files have changed on disk. */
  changedOnDisk(uris: readonly string[]): void;
  head(sent: HeadParams): void;
}

/** `news` is called when a version of an open document has become another one. */
export function earlierVersions(host: Host, current: () => Snapshot, news: () => void): EarlierVersions {
  const disk = new Map<string, Version>();
  const reading = new Map<string, Promise<void>>();
  let head: ReadonlyMap<string, Version> | undefined;

  const shared = (uri: string, text: string): SourceFile => {
    const file = fileAt(current(), uri);
    return file ? revised(file, text) : sourceFile(text);
  };

  async function readDisk(uri: string): Promise<void> {
    const content = await host.read(uri);
    if (!reading.has(uri)) return; // closed meanwhile
    if ('text' in content) disk.set(uri, shared(uri, content.text));
    else disk.delete(uri); // a new document: there is nothing to compare it with
  }

  function look(uri: string): void {
    if (!uri.startsWith('file:')) return;
    const done = readDisk(uri);
    reading.set(uri, done);
  }

  return {
    of(uri) {
      const key = normalizeUri(uri);
      const onDisk = disk.get(key);
      const committed = head && (head.has(key) ? (head.get(key) ?? null) : onDisk);
      return { ...(onDisk === undefined ? {} : { disk: onDisk }), ...(committed === undefined ? {} : { head: committed }) };
    },
    since: (since) => (since === 'disk' ? disk : head && new Map([...disk, ...head])),
    read: async (uri) => reading.get(normalizeUri(uri)),
    opened: ({ uri }) => look(normalizeUri(uri)),
    saved({ uri, file }) {
      disk.set(normalizeUri(uri), file);
      news();
    },
    closed(uri) {
      disk.delete(normalizeUri(uri));
      reading.delete(normalizeUri(uri));
    },
    changedOnDisk(uris) {
      const open = uris.map(normalizeUri).filter((uri) => reading.has(uri));
      if (open.length === 0) return;
      open.forEach(look);
      void Promise.all(open.map(async (uri) => reading.get(uri))).then(news);
    },
    head({ files }) {
      const ours = files?.filter(({ uri }) => mayHoldManifests(uri));
      head = ours && new Map(ours.map(({ uri, text }) => [normalizeUri(uri), typeof text === 'string' ? shared(uri, text) : null]));
      news();
    },
  };
}
