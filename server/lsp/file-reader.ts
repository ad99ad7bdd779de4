import type { Work } from '../base/work.ts';
import { mayExpect } from '../syntax/expectation.ts';
import type { Host, HostProblem, FileText } from '../host/host.ts';
import { mayMatter } from '../model/identify.ts';
import { sourceFile } from '../syntax/source-file.ts';
import { mayDeploy } from '../workspace/deployer.ts';
import { isKustomization } from '../workspace/kustomization.ts';
import { growing, MANIFESTS_PER_STEP, reading } from '../workspace/record.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { fileAt, withFiles, type FileChange } from '../workspace/snapshot.ts';
import type { Session } from './session.ts';
import { slicesOf } from './slices.ts';

/** Takes files from the disk into the snapshot. */
export interface FileReader {
  /** Reads files. `isCurrent` is asked whenever there was room for something else in between. */
  read(uris: readonly string[], isCurrent: (uri: string) => boolean): Promise<void>;
  drop(uris: readonly string[]): void;
}

export function fileReader(session: Session, host: Host, report: (problem: HostProblem) => void): FileReader {
  /** Reads files in steps, then puts them into the snapshot: the small ones together, each big one by portions. */
  function* takingIn(changes: readonly FileChange[], isCurrent: (uri: string) => boolean): Work<void> {
    for (const { uri, file } of changes) {
      for (const step of file ? reading(file, false) : []) {
        if (!isCurrent(uri)) break;
        yield step;
      }
    }
    const isBig = ({ file }: FileChange): boolean => file !== undefined && file.pieces.length > MANIFESTS_PER_STEP;
    put(changes.filter((change) => !isBig(change) && isCurrent(change.uri)));
    for (const change of changes.filter(isBig)) {
      for (const file of change.file ? growing(change.file) : []) {
        yield;
        if (isCurrent(change.uri)) put([{ ...change, file }]);
      }
    }
  }

  /** What the editor has open counts, whatever the disk says; it may have been opened while the file was read. */
  function put(changes: readonly FileChange[]): void {
    const open = new Set([...session.documents.keys()].map(normalizeUri));
    const { snapshot } = session;
    const isNews = ({ uri, file }: FileChange): boolean =>
      file !== undefined || fileAt(snapshot, uri) !== undefined || snapshot.absent.has(uri);
    const relevant = changes.filter((change) => !open.has(change.uri) && isNews(change));
    if (relevant.length > 0) session.snapshot = withFiles(session.snapshot, relevant);
  }

  /** What a file on disk means to the snapshot; nothing where it was not looked for. */
  function changeOf(uri: string, content: FileText | undefined): readonly FileChange[] {
    if (!content) return [];
    if ('problem' in content) report({ uri, why: 'unreadable', ...content });
    const matters =
      'text' in content && (mayMatter(content.text) || mayExpect(content.text) || mayDeploy(content.text) || isKustomization(uri));
    return [{ uri, file: matters ? sourceFile(content.text) : undefined, keepTrees: false }];
  }

  return {
    async read(uris, isCurrent) {
      const contents = await Promise.all(uris.map((uri) => host.read(uri)));
      const changes = uris.flatMap((uri, i) => changeOf(uri, contents[i]));
      await slicesOf(takingIn(changes, isCurrent));
    },
    drop: (uris) => put(uris.map((uri) => ({ uri, file: undefined }))),
  };
}
