import type { Connection, InitializeParams, Range } from 'vscode-languageserver';
import packageJson from '../../package.json' with { type: 'json' };
import type { Host } from '../host/host.ts';
import { abilitiesOf, type Abilities } from './abilities.ts';
import { clientOn, type Client } from './client.ts';
import { rangeOf } from './convert.ts';
import type { Path } from '../syntax/path.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import type { OpenDocument } from './documents.ts';
import type { ClientFacts, InitializationOptions } from './protocol.ts';
import type { PublishContext } from './publish.ts';
import { refreshing, type Refreshing } from './refresh.ts';
import { settingsFiles, type SettingsFiles } from './settings-files.ts';
import { settingsStore, type SettingsStore } from './settings-store.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { earlierVersions, type EarlierVersions } from './versions.ts';
import { locate } from '../workspace/locate.ts';
import { emptySnapshot, type Snapshot } from '../workspace/snapshot.ts';

/** All state of a running server, in one place. */
export interface Session {
  readonly connection: Connection;
  readonly client: Client;
  readonly refresh: Refreshing;
  /** The reading of the folders: before it is done, nothing can be said of what the workspace does not have. */
  reading: { readonly done: Promise<void>; readonly isDone: () => boolean; readonly finish: () => void };
  readonly documents: Map<string, OpenDocument>;
  readonly settings: SettingsStore;
  /** The settings that repositories have for themselves. */
  readonly settingsFiles: SettingsFiles;
  /** A settings file has changed what holds: everything is looked at anew. */
  settingsChanged: () => void;
  /** What the disk and the last commit have of files. */
  readonly versions: EarlierVersions;
  /** Every manifest of the workspace, open documents as they are in the editor. */
  snapshot: Snapshot;
  abilities: Abilities;
  options: InitializationOptions;
  facts: ClientFacts;
}

/** A session before the client has said who it is. */
export function newSession(connection: Connection, host: Host): Session {
  const client = clientOn(connection);
  const files = settingsFiles(
    client,
    host,
    (uri) => [...session.documents.keys()].some((open) => normalizeUri(open) === uri),
    () => session.settingsChanged(),
  );
  const session: Session = {
    connection,
    client,
    refresh: refreshing(client, () => session),
    reading: newReading(),
    documents: new Map(),
    settingsFiles: files,
    settings: settingsStore(client, () => session.abilities.answersConfiguration, files),
    versions: earlierVersions(
      host,
      () => session.snapshot,
      () => session.refresh.lenses(),
    ),
    settingsChanged: () => undefined,
    snapshot: emptySnapshot(),
    abilities: abilitiesOf({}),
    options: {},
    facts: { yamlExtension: false },
  };
  return session;
}

/** A reading of the folders that is not done. */
export function newReading(): Session['reading'] {
  let isDone = false;
  let resolved = (): void => undefined;
  const done = new Promise<void>((resolve) => (resolved = resolve));
  const finish = (): void => {
    isDone = true;
    resolved();
  };
  return { done, isDone: () => isDone, finish };
}

/** Takes over what the client said of itself. */
export function startSession(session: Session, params: InitializeParams): void {
  session.abilities = abilitiesOf(params.capabilities);
  session.options = optionsFrom(params.initializationOptions);
  session.facts = { yamlExtension: session.options.yamlExtension === true };
  session.settingsFiles.trust(session.options.isTrusted !== false);
}

function optionsFrom(sent: unknown): InitializationOptions {
  if (typeof sent !== 'object' || sent === null) return {};
  const pulls = 'diagnostics' in sent && sent.diagnostics === 'pull';
  return {
    ...('client' in sent && sent.client === 'vscode' ? { client: 'vscode' } : {}),
    ...('docs' in sent && typeof sent.docs === 'string' ? { docs: sent.docs } : {}),
    ...('yamlExtension' in sent && sent.yamlExtension === true ? { yamlExtension: true } : {}),
    ...('isTrusted' in sent && sent.isTrusted === false ? { isTrusted: false } : {}),
    ...(pulls ? { diagnostics: 'pull' } : {}),
  };
}

/** The address of the documentation folder: inside the extension where the client has one, else derived from the repository. */
function docsOf(session: Session): string {
  return session.options.docs ?? `${packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/docs`;
}

/** What publishing needs to know of the session. */
export function publishContext(session: Session, settled: () => void = () => undefined): PublishContext {
  return {
    client: session.client,
    abilities: () => session.abilities.diagnostics,
    documents: session.documents,
    snapshot: () => session.snapshot,
    setSnapshot: (snapshot) => void (session.snapshot = snapshot),
    settings: (uri) => session.settings.of(uri),
    links: {
      page: (code) => `${docsOf(session)}/rules/${code}.md`,
      elsewhere: (key, path) => elsewhere(session, key, path),
    },
    leftToOthers: (code, document) => code.startsWith('yaml-') && isShared(session, document),
    isRead: () => session.reading.isDone(),
    isPulled: () => session.options.diagnostics === 'pull',
    settled: () => {
      session.refresh.workspace();
      settled();
    },
    showsStatus: () => session.options.client === 'vscode',
  };
}

/** Are plain YAML syntax errors of this document another extension's business? It looks at `yaml` documents only. */
function isShared(session: Session, document: OpenDocument): boolean {
  if (document.languageId !== 'yaml') return false;
  const mode = session.settings.of(document.uri).yamlCoexist;
  return mode === 'always' || (mode === 'auto' && session.facts.yamlExtension);
}

/** Where a place of another manifest stands. */
function elsewhere(session: Session, key: ManifestKey, path: Path): { uri: string; range: Range } | undefined {
  const found = locate(session.snapshot, key, path);
  return found && { uri: found.uri, range: rangeOf(found.file, found.span) };
}
