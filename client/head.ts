import { Disposable, extensions, type Event, type Uri } from 'vscode';
import { State, type BaseLanguageClient } from 'vscode-languageclient';
import { headNotification, type HeadParams } from '../server/lsp/protocol.ts';

/** The part of the API of VS Code's Git extension (version 1) that is used here. */
interface GitExtension {
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly repositories: readonly Repository[];
  readonly onDidOpenRepository: Event<Repository>;
  readonly onDidCloseRepository: Event<Repository>;
}

interface Repository {
  readonly state: {
    readonly HEAD: { readonly commit?: string } | undefined;
    readonly workingTreeChanges: readonly Change[];
    readonly untrackedChanges?: readonly Change[];
    readonly onDidChange: Event<void>;
  };
  diffWithHEAD(): Promise<readonly Change[]>;
  show(ref: string, path: string): Promise<string>;
}

interface Change {
  readonly uri: Uri;
  readonly originalUri: Uri;
  readonly renameUri?: Uri | undefined;
  readonly status: number;
}

/** `Status` of that API: what HEAD does not have. */
const NOT_IN_HEAD: ReadonlySet<number> = new Set([1, 7]); // INDEX_ADDED, UNTRACKED

/** How many changed files are compared with the last commit. */
const MAX_FILES = 500;

/** Milliseconds after a change of the repository. */
const PAUSE_MILLISECONDS = 300;

const MANIFEST = /(?:\.ya?ml|\.json|\/Kustomization)$/i;

/** Keeps the server informed about what the last commit has of the files that differ from it. Without the Git extension nothing is sent. */
export function followHead(client: BaseLanguageClient): Disposable {
  const watching: Disposable[] = [];
  let api: GitApi | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;

  const soon = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void send().catch(() => undefined), PAUSE_MILLISECONDS); // the repository is gone meanwhile: another event follows
  };

  async function send(): Promise<void> {
    const mine = ++turn;
    if (!api || !client.isRunning()) return;
    const repositories = api.repositories.filter(({ state }) => state.HEAD?.commit !== undefined);
    const files = (await Promise.all(repositories.map(changedIn))).flat();
    const sent: HeadParams = repositories.length === 0 ? {} : { files };
    if (mine === turn && client.isRunning()) await client.sendNotification(headNotification, sent);
  }

  const asUri = (uri: Uri): string => client.code2ProtocolConverter.asUri(uri);

  async function changedIn(repository: Repository): Promise<NonNullable<HeadParams['files']>[number][]> {
    const untracked = [...repository.state.workingTreeChanges, ...(repository.state.untrackedChanges ?? [])].filter(
      ({ status }) => status === 7,
    );
    const changes = [...(await repository.diffWithHEAD()), ...untracked].filter(
      ({ uri, originalUri }) => MANIFEST.test(uri.path) || MANIFEST.test(originalUri.path),
    );
    const found = changes.slice(0, MAX_FILES).map(async ({ uri, originalUri, renameUri, status }) => {
      const isNew = NOT_IN_HEAD.has(status);
      const text = isNew ? undefined : await repository.show('HEAD', originalUri.fsPath).catch(() => undefined);
      const earlier = { uri: asUri(originalUri), ...(text === undefined ? {} : { text }) };
      const now = renameUri ?? uri;
      return asUri(now) === earlier.uri ? [earlier] : [earlier, { uri: asUri(now) }];
    });
    return (await Promise.all(found)).flat();
  }

  const watch = (repository: Repository): void => {
    watching.push(repository.state.onDidChange(soon));
    soon();
  };

  async function begin(): Promise<void> {
    const git = extensions.getExtension<GitExtension>('vscode.git');
    if (!git || api) return;
    try {
      api = (git.isActive ? git.exports : await git.activate()).getAPI(1);
    } catch {
      return; // Git is turned off, or not installed
    }
    api.repositories.forEach(watch);
    watching.push(api.onDidOpenRepository(watch), api.onDidCloseRepository(soon));
  }

  watching.push(
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) void begin().then(soon);
    }),
    extensions.onDidChange(() => void begin()),
  );
  return new Disposable(() => {
    clearTimeout(waiting);
    for (const one of watching) one.dispose();
  });
}
