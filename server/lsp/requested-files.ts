import type { Host, HostProblem } from '../host/host.ts';
import { sourceFile } from '../syntax/source-file.ts';
import { clusterWork, unverifiedFiles, namedFiles, requestedFiles, withFiles, type FileChange } from '../workspace/snapshot.ts';
import { isInside, normalizeUri } from '../workspace/uri.ts';
import type { Session } from './session.ts';
import { slicesOf } from './slices.ts';

/** Reads the files that kustomizations name and that the scan leaves out: of other names, ignored by git, or outside of the folders. */
export interface RequestedFileReader {
  /** Reads all that are named now, and what the kustomizations among them name, to the end. Was anything new? */
  bringIn(): Promise<boolean>;
  /** These may be readable now. */
  retry(uris: readonly string[]): void;
}

/**
 * A build reads folders anywhere below the root of the git repository (without one: of the workspace folder), as kustomize does; what lies
 * outside of that is never read, whoever names it.
 */
export function requestedFileReader(
  session: Session,
  host: Host,
  folders: () => readonly string[],
  report: (problem: HostProblem) => void,
): RequestedFileReader {
  /** Files that are there and cannot be read. */
  const unreadable = new Set<string>();
  const repositories = new Map<string, Promise<string>>();

  function repositoryOf(folder: string): Promise<string> {
    const repository = repositories.get(folder) ?? host.repository(folder).then(normalizeUri);
    repositories.set(folder, repository);
    return repository;
  }

  async function read(uri: string): Promise<readonly FileChange[]> {
    const content = await host.read(uri);
    if ('text' in content) return [{ uri, file: sourceFile(content.text), isRequested: true }];
    if (content.missing === true) return [{ uri, file: undefined, isRequested: true }];
    unreadable.add(uri);
    report({ uri, why: 'unreadable', problem: content.problem });
    return [];
  }

  return {
    async bringIn() {
      const reach = [...folders(), ...(await Promise.all(folders().map(repositoryOf)))];
      let isNews = false;
      for (;;) {
        const { snapshot } = session;
        const isOpen = (uri: string): boolean => !unreadable.has(uri) && reach.some((root) => isInside(uri, root));
        const named = namedFiles(snapshot).filter(isOpen);
        if (named.length === 0) await slicesOf(clusterWork(snapshot));
        // The text has changed in the meantime: other files may be needed now.
        if (session.snapshot !== snapshot) continue;
        const requested = named.length > 0 ? named : requestedFiles(snapshot).filter(isOpen);
        const unverified = named.length > 0 ? [] : unverifiedFiles(snapshot);
        if (requested.length === 0 && unverified.length === 0) return isNews;
        const looked = unverified.map(async (uri) => ({ uri, file: undefined, isRequested: true, isIgnored: await host.ignores(uri) }));
        const changes = [...(await Promise.all(requested.map(read))).flat(), ...(await Promise.all(looked))];
        const open = new Set([...session.documents.keys()].map(normalizeUri));
        const news = changes.filter(({ uri }) => !open.has(uri));
        const before = session.snapshot;
        session.snapshot = withFiles(before, news);
        // What changes nothing would be wanted for ever.
        if (session.snapshot === before) return isNews;
        isNews = true;
      }
    },
    retry: (uris) => uris.forEach((uri) => unreadable.delete(uri)),
  };
}
