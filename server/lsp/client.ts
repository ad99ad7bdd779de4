import type { Connection } from 'vscode-languageserver';

/**
 * What the server asks of the client and tells it. The client may refuse, stay silent or be gone: none of the functions here fails or waits
 * for ever, so no caller has to handle that.
 */
export interface Client {
  /** The client's answer; `undefined` where it refuses, or gives none within `PATIENCE_MILLISECONDS`. An answer that comes later is dropped. */
  readonly ask: (method: string, params?: object) => Promise<unknown>;
  /** The same where the answer does not matter. */
  readonly order: (method: string, params?: object) => void;
  /** Sends a notification. */
  readonly tell: (method: string, params: object) => void;
  /** A message to the user that asks nothing back. */
  readonly show: (kind: MessageKind, message: string) => void;
  /** A line in the client's log. */
  readonly log: (kind: MessageKind, message: string) => void;
  /** Logs that something of ours failed, with the place in the code. */
  readonly fault: (fault: unknown) => void;
}

type MessageKind = keyof typeof MESSAGE_TYPES;

/** `MessageType` of the protocol. */
const MESSAGE_TYPES = { error: 1, warning: 2, information: 3 } as const;

/** How long an answer of the client is waited for, in milliseconds. */
const PATIENCE_MILLISECONDS = 10_000;

/** The client of a connection. */
export function clientOn(
  connection: Pick<Connection, 'sendRequest' | 'sendNotification'>,
  patience: number = PATIENCE_MILLISECONDS,
): Client {
  const ask: Client['ask'] = async (method, params) => {
    let late: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<undefined>((resolve) => {
      late = setTimeout(() => resolve(undefined), patience);
    });
    try {
      return await Promise.race([params === undefined ? connection.sendRequest(method) : connection.sendRequest(method, params), silence]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(late);
    }
  };
  const tell: Client['tell'] = (method, params) => {
    try {
      connection.sendNotification(method, params).catch(() => undefined);
    } catch {
      // The connection is closed, and the process is about to end.
    }
  };
  const log: Client['log'] = (kind, message) => tell('window/logMessage', { type: MESSAGE_TYPES[kind], message });
  return {
    ask,
    order: (method, params) => void ask(method, params),
    tell,
    show: (kind, message) => tell('window/showMessage', { type: MESSAGE_TYPES[kind], message }),
    log,
    fault: (fault) => log('error', fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)),
  };
}
