import { PassThrough } from 'node:stream';
import {
  createConnection,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeResult,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import type { Host } from '../../server/host/host.ts';
import { serveOn } from '../../server/lsp/connection.ts';

/** A client that talks to a server of its own, in memory; its files are those of the map. */
export interface Client {
  readonly rpc: MessageConnection;
  /** What the server said it can do. */
  readonly capabilities: InitializeResult['capabilities'];
  readonly published: readonly PublishDiagnosticsParams[];
  readonly open: (uri: string, text: string, version?: number) => void;
  /** The diagnostics of a document once they satisfy a condition. */
  readonly until: (uri: string, condition: (diagnostics: readonly Diagnostic[]) => boolean) => Promise<readonly Diagnostic[]>;
}

export interface ClientOptions {
  readonly files?: ReadonlyMap<string, string>;
  readonly initializationOptions?: object;
  readonly settings?: object;
}

/** Starts a server and a client that has said hello to it. */
export async function connect({ files = new Map(), initializationOptions = {}, settings = {} }: ClientOptions = {}): Promise<Client> {
  const [there, back] = [new PassThrough(), new PassThrough()];
  serveOn(createConnection(new StreamMessageReader(there), new StreamMessageWriter(back)), hostOf(files));
  const rpc = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const published: PublishDiagnosticsParams[] = [];
  const waiting = new Set<() => void>();
  rpc.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const look of waiting) look();
  });
  rpc.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => settings));
  rpc.onRequest('window/workDoneProgress/create', () => null);
  rpc.onRequest('client/registerCapability', () => null);
  rpc.listen();
  const { capabilities } = await rpc.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: 'file:///w', name: 'w' }],
    initializationOptions,
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
    },
  });
  await rpc.sendNotification('initialized', {});
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
  return {
    rpc,
    capabilities,
    published,
    until,
    open: (uri, text, version = 1) =>
      void rpc.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } }),
  };
}

function hostOf(files: ReadonlyMap<string, string>): Host {
  return {
    read: async (uri) => {
      const text = files.get(uri);
      return text === undefined ? { problem: `${uri} does not exist.` } : { text };
    },
    list: async function* () {
      for (const [uri, text] of files) yield { uri, size: text.length };
    },
  };
}
