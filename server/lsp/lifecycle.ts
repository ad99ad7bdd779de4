import { measured } from './watchdog.ts';
import {
  ErrorCodes,
  Message,
  type MessageStrategy,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from 'vscode-languageserver';
import { problemInNotification, problemInRequest } from './params.ts';

/** What the gate can do instead of forwarding a message. */
export interface LifecycleEffects {
  /** Sends an answer past the handlers. */
  readonly answer: (response: ResponseMessage) => void;
  /** Says in the log why a notification was ignored. */
  readonly warn: (sentence: string) => void;
  /** The client wants the process to end: with 0 after a `shutdown`, else with 1. */
  readonly exit: (code: 0 | 1) => void;
  /** The process of the client: once it is gone, this process has to end by itself. */
  readonly follow: (processId: number) => void;
}

type Phase = 'uninitialized' | 'running' | 'shut down';

/** The gate, and whether the client has asked to shut down. */
export interface Lifecycle {
  readonly strategy: MessageStrategy;
  readonly isShutDown: () => boolean;
  /** How many messages have been handled so far. */
  readonly handled: () => number;
}

/**
 * Every message passes through here before it is handled: requests that come too early, too late or with parameters that are none are
 * refused, such notifications ignored (LSP 3.17, lifecycle messages). `exit` ends the process whatever state it is in.
 */
export function lifecycle({ answer, warn, exit, follow }: LifecycleEffects): Lifecycle {
  let phase: Phase = 'uninitialized';
  let count = 0;

  function whyRefused({ method, params }: RequestMessage): { readonly code: number; readonly message: string } | undefined {
    if (phase === 'shut down') return { code: ErrorCodes.InvalidRequest, message: `The server has shut down and answers no ${method}.` };
    if (phase === 'uninitialized' && method !== 'initialize')
      return { code: ErrorCodes.ServerNotInitialized, message: `Send initialize first, then ${method}.` };
    if (phase === 'running' && method === 'initialize')
      return { code: ErrorCodes.InvalidRequest, message: 'The server is initialized already.' };
    const problem = problemInRequest(method, params);
    return problem === undefined ? undefined : { code: ErrorCodes.InvalidParams, message: `Invalid parameters of ${method}: ${problem}.` };
  }

  function request(message: RequestMessage): RequestMessage | undefined {
    const error = whyRefused(message);
    if (error) {
      answer({ jsonrpc: '2.0', id: message.id, error });
      return undefined;
    }
    if (message.method === 'shutdown') phase = 'shut down';
    if (message.method !== 'initialize') return message;
    phase = 'running';
    const processId = processIn(message.params);
    if (processId !== undefined) follow(processId);
    return { ...message, params: withCapabilities(message.params) };
  }

  function notification(message: NotificationMessage): NotificationMessage | undefined {
    if (message.method === 'exit') {
      exit(phase === 'shut down' ? 0 : 1);
      return undefined;
    }
    if (phase !== 'running') return undefined;
    const problem = problemInNotification(message.method, message.params);
    if (problem === undefined) return message;
    warn(`Ignored the notification ${message.method}: ${problem}.`);
    return undefined;
  }

  return {
    isShutDown: () => phase === 'shut down',
    handled: () => count,
    strategy: {
      handleMessage(message, next) {
        count++;
        const accepted = Message.isRequest(message) ? request(message) : Message.isNotification(message) ? notification(message) : message;
        return accepted ? measured('method' in accepted ? String(accepted.method) : 'response', () => next(accepted)) : undefined;
      },
    },
  };
}

/**
 * The parameters of `initialize` with an object for capabilities, and without the process of the client: whether that still lives, the
 * process looks after by itself, since the library would end it in a way that can hang.
 */
function withCapabilities(params: RequestMessage['params']): object {
  const sent: object = typeof params === 'object' ? params : {};
  const capabilities =
    'capabilities' in sent && typeof sent.capabilities === 'object' && sent.capabilities !== null ? sent.capabilities : {};
  return { ...sent, capabilities, processId: null };
}

function processIn(params: RequestMessage['params']): number | undefined {
  const sent: unknown = params && 'processId' in params ? params.processId : undefined;
  // 0 and negative numbers would stand for groups of processes.
  return typeof sent === 'number' && Number.isInteger(sent) && sent > 0 ? sent : undefined;
}
