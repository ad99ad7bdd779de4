import type { SourceFile } from '../syntax/source-file.ts';
import type { Scope } from './clusters.ts';
import type { BuildFiles } from './kustomize/files.ts';
import { mapEntries, lookUp, type PersistentMap } from './persistent-map.ts';
import type { FileRecord } from './record.ts';
import { isInside, parentOf } from './uri.ts';

/** What the clusters are made of: files, and what is known not to exist. */
export interface WorldFiles {
  readonly scope: Scope;
  readonly records: PersistentMap<FileRecord>;
  /** Addresses that were looked for and not found. */
  readonly absent: ReadonlySet<string>;
  /** Of those that are missing: does git ignore them? Not all have been looked up. */
  readonly ignored: ReadonlyMap<string, boolean>;
  /** Files that were read because a kustomization names them. */
  readonly brought: ReadonlyMap<string, SourceFile>;
}

/** The files as a build asks for them. What has not been read is added to `requested`, what has not been looked up to `unverified`. */
export function buildFiles({ records, absent, brought, ignored }: WorldFiles, requested: Set<string>, unverified: Set<string>): BuildFiles {
  const folders = foldersIn(records);
  let uris: readonly string[] | undefined;
  const fileAt = (uri: string): SourceFile | undefined => lookUp(records, uri)?.file ?? brought.get(uri);
  return {
    file: fileAt,
    what: (uri) => {
      if (fileAt(uri)) return 'file';
      if (absent.has(uri)) return folders.has(uri) ? 'folder' : 'missing';
      if (folders.has(uri)) return 'folder';
      requested.add(uri);
      return 'unknown';
    },
    below: (folder) => {
      uris ??= [...mapEntries(records)].map(([uri]) => uri).sort();
      return uris.filter((uri) => isInside(uri, folder));
    },
    isIgnored: (uri) => {
      const isIgnored = ignored.get(uri);
      if (isIgnored === undefined) unverified.add(uri);
      return isIgnored;
    },
  };
}

/** The folders that files stand in or below. */
export function foldersIn(records: PersistentMap<FileRecord>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const [uri] of mapEntries(records)) for (let at = parentOf(uri); !folders.has(at); at = parentOf(at)) folders.add(at);
  return folders;
}
