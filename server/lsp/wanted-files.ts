import type { Host } from '../host/host.ts';
import { sourceFile } from '../syntax/source-file.ts';
import { clusterWork, wantedFiles, withFiles, type FileChange } from '../workspace/snapshot.ts';
import { isInside, parentOf } from '../workspace/uri.ts';
import type { Session } from './session.ts';
import { slicesOf } from './slices.ts';

/** Reads what kustomizations name and the scan has not: files of other kinds, and bases outside of the folders that are open. */
export function wantedReader(session: Session, host: Host, folders: () => readonly string[]): () => Promise<void> {
  const repositories = new Map<string, Promise<string>>();
  /** What could not be read for another reason than that it is missing is not asked for again. */
  const unreadable = new Set<string>();

  async function isInReach(uri: string): Promise<boolean> {
    for (const folder of folders()) {
      if (isInside(uri, folder)) return true;
      const repository = repositories.get(folder) ?? repositoryAround(host, folder);
      repositories.set(folder, repository);
      if (isInside(uri, await repository)) return true;
    }
    return false;
  }

  return async function bringIn(): Promise<void> {
    for (;;) {
      const { snapshot } = session;
      await slicesOf(clusterWork(snapshot));
      const changes: FileChange[] = [];
      for (const uri of wantedFiles(snapshot)) {
        if (unreadable.has(uri) || session.documents.has(uri) || !(await isInReach(uri))) continue;
        const content = await host.read(uri);
        if ('text' in content) changes.push({ uri, file: sourceFile(content.text), isWanted: true });
        else if (content.missing === true) changes.push({ uri, file: undefined, isWanted: true });
        else unreadable.add(uri);
      }
      if (changes.length === 0) return;
      session.snapshot = withFiles(session.snapshot, changes);
    }
  };
}

/** The root of the git repository that a folder is in; without one the folder itself. */
async function repositoryAround(host: Host, folder: string): Promise<string> {
  for (let at = folder; ; at = parentOf(at)) {
    const git = await host.read(`${at}/.git/HEAD`);
    if ('text' in git) return at;
    if (parentOf(at) === at) return folder;
  }
}
