import { PassThrough } from 'node:stream';
import {
  createConnection,
  createMessageConnection,
  type MessageConnection,
  ProposedFeatures,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeResult,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { type Host, mayHoldManifests } from '../../server/host/host.ts';
import { serveOn } from '../../server/lsp/connection.ts';

/** A client that talks to a server of its own, in memory; its files are those of the map. */
export interface Client {
  readonly rpc: MessageConnection;
  /** What the server said it can do. */
  readonly capabilities: InitializeResult['capabilities'];
  readonly published: readonly PublishDiagnosticsParams[];
  /** The requests that the server has sent, and its notifications but for diagnostics. */
  readonly asked: readonly string[];
  readonly told: readonly Told[];
  /** The codes with which the server has tried to end the process. */
  readonly exits: readonly number[];
  readonly open: (uri: string, text: string, version?: number) => void;
  /** The diagnostics of a document once they satisfy a condition. */
  readonly until: (uri: string, condition: (diagnostics: readonly Diagnostic[]) => boolean) => Promise<readonly Diagnostic[]>;
}

interface Told {
  readonly method: string;
  readonly params: { readonly type?: number; readonly message?: string };
}

export interface ClientOptions {
  /** May be changed while the server runs: it is its disk. */
  readonly files?: ReadonlyMap<string, string>;
  readonly host?: Host;
  readonly initializationOptions?: object;
  /** What is asked for at this moment. */
  readonly settings?: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>);
  readonly capabilities?: unknown;
  /** Parameters of `initialize` besides. */
  readonly params?: object;
  /** What becomes of a request of the server: an answer as usual where nothing is said. */
  readonly becomes?: (method: string) => 'refused' | 'unanswered' | undefined;
}

/** A client that can do everything that answers are fitted to. */
export const ABLE: object = {
  workspace: {
    ...enabled('applyEdit', 'configuration', 'workspaceFolders'),
    workspaceEdit: enabled('documentChanges'),
    didChangeConfiguration: enabled('dynamicRegistration'),
    didChangeWatchedFiles: enabled('dynamicRegistration'),
    codeLens: enabled('refreshSupport'),
    inlayHint: enabled('refreshSupport'),
    semanticTokens: enabled('refreshSupport'),
    diagnostics: enabled('refreshSupport'),
  },
  textDocument: {
    publishDiagnostics: { ...enabled('relatedInformation', 'codeDescriptionSupport'), tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { ...enabled('snippetSupport'), documentationFormat: ['markdown', 'plaintext'] } },
    documentSymbol: enabled('hierarchicalDocumentSymbolSupport'),
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [''] } } },
  },
  window: enabled('workDoneProgress'),
};

function enabled(...names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** Starts a server and a client that has said hello to it. */
export async function connect(options: ClientOptions = {}): Promise<Client> {
  const client = await greet(options);
  await client.rpc.sendNotification('initialized', {});
  return client;
}

/** The same before the client has said that it is `initialized`. */
export async function greet(options: ClientOptions = {}): Promise<Client> {
  const client = reach(options);
  const { capabilities } = await client.rpc.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: 'file:///w', name: 'w' }],
    initializationOptions: options.initializationOptions ?? {},
    capabilities: options.capabilities === undefined ? ABLE : options.capabilities,
    ...options.params,
  });
  return { ...client, capabilities };
}

/** A server to which nothing has been said yet. */
export function reach({ files = new Map(), host, settings = {}, becomes = () => undefined }: ClientOptions = {}): Client {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const exits: number[] = [];
  const writer = new StreamMessageWriter(back);
  serveOn(
    {
      connect: (given) => createConnection(ProposedFeatures.all, new StreamMessageReader(there), writer, given),
      answer: (response) => void writer.write(response),
      exit: (code) => void exits.push(code),
      follow: () => undefined,
    },
    host ?? hostOf(files),
  );
  const rpc = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const published: PublishDiagnosticsParams[] = [];
  const [asked, told]: [string[], Told[]] = [[], []];
  const waiting = new Set<() => void>();
  rpc.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const look of waiting) look();
  });
  rpc.onNotification(
    (method, params) => void told.push({ method, params: typeof params === 'object' && !Array.isArray(params) ? params : {} }),
  );
  rpc.onRequest((method, params) => {
    asked.push(method);
    const what = becomes(method);
    if (what === 'refused') return new ResponseError(-32601, 'The client does not know this.');
    if (what === 'unanswered') return new Promise(() => undefined);
    if (method !== 'workspace/configuration') return null;
    const items: unknown = typeof params === 'object' && 'items' in params ? params.items : [];
    const answer: object = typeof settings === 'function' ? settings() : settings;
    return Array.isArray(items) ? items.map((): object => answer) : [];
  });
  rpc.listen();
  const until: Client['until'] = (uri, condition) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(
        () =>
          reject(
            new Error(
              `waited for diagnostics of ${uri}; last: ${JSON.stringify(published.findLast((one) => one.uri === uri)?.diagnostics.map(({ message }) => message))}`,
            ),
          ),
        30_000,
      );
      const look = (): void => {
        const last = published.findLast((one) => one.uri === uri);
        if (!last || !condition(last.diagnostics)) return;
        clearTimeout(late);
        waiting.delete(look);
        resolve(last.diagnostics);
      };
      waiting.add(look);
      look();
    });
  const open: Client['open'] = (uri, text, version = 1) =>
    void rpc.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } });
  return { rpc, capabilities: {}, published, asked, told, exits, until, open };
}

/** A disk with these files and nothing else on it. */
export function hostOf(files: ReadonlyMap<string, string>): Host {
  return {
    read: async (uri) => {
      const text = files.get(uri);
      return text === undefined ? { problem: `${uri} does not exist.`, missing: true } : { text };
    },
    repository: async (folder) => folder,
    ignores: async () => false,
    list: async function* (folder, places = [folder]) {
      for (const [uri, text] of files)
        if (mayHoldManifests(uri) && places.some((place) => uri === place || uri.startsWith(`${place}/`))) yield { uri, size: text.length };
    },
  };
}
