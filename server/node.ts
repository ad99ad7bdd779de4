import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeHost } from './host/node.ts';
import { serveOn } from './lsp/connection.ts';

/**
 * Starts the language server. How the client talks to it stands in the process's own arguments: `--stdio`, `--node-ipc`, or
 * `--socket=PORT`, where the client listens and the server connects.
 */
export function serve(): void {
  serveOn(createConnection(ProposedFeatures.all), nodeHost);
}

// An editor starts this file by itself; the command line loads it and calls `serve`.
if (/server\.c?js$/.test(process.argv[1] ?? '')) serve();
