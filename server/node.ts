import { createConnection as connectTo } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver/node';
import { nodeHost } from './host/node.ts';
import { exit, follow, untilEnding } from './host/node-process.ts';
import { serveOn, type Serving } from './lsp/connection.ts';
import { frameReader } from './lsp/frames.ts';
import { startWatchdog } from './lsp/watchdog.ts';

/**
 * Starts the language server. The words say how the client talks to it: `--stdio`, `--node-ipc`, or `--socket=PORT` and `--pipe=NAME`, where
 * the client listens and the server connects. Gives one sentence where they do not.
 */
export function serve(words: readonly string[]): string | undefined {
  const channel = channelIn(words);
  if (typeof channel === 'string') return channel;
  if (process.env['NETPOL_WATCHDOG'] === '1') startWatchdog();
  const owner = Number(valueOf(words, 'clientProcessId'));
  const serving = run(channel);
  if (Number.isInteger(owner) && owner > 0) follow(owner, () => end(serving.isShutDown() ? 0 : 1));
  return undefined;
}

const HOW = 'Say how the editor talks to the server: --stdio, --node-ipc, --socket=PORT or --pipe=NAME.';

/** How long the rest of a message may take before the log says that it is missing, in milliseconds. */
const PATIENCE_MILLISECONDS = 10_000;

/** What messages come from and go to. */
interface Channel {
  readonly reader: (skipped: (sentence: string) => void) => MessageReader;
  readonly writer: MessageWriter;
  /** Calls back once the client is gone. */
  readonly onEnd: (ended: () => void) => void;
}

function channelIn(words: readonly string[]): Channel | string {
  if (words.includes('--stdio')) return streams(process.stdin, process.stdout);
  if (words.includes('--node-ipc')) {
    if (!process.send) return '--node-ipc needs an editor that starts the server as a Node process with a channel to it.';
    const onEnd = (ended: () => void): void => void process.on('disconnect', ended);
    return { reader: () => new IPCMessageReader(process), writer: new IPCMessageWriter(process), onEnd };
  }
  const [port, name] = [valueOf(words, 'socket'), valueOf(words, 'pipe')];
  if (port !== undefined) {
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      return `--socket takes a port from 1 to 65535, not '${port}'.`;
    return socket({ port: Number(port), host: '127.0.0.1' }, `port ${port}`);
  }
  if (name !== undefined) return name === '' ? '--pipe takes the name of a pipe.' : socket({ path: name }, `'${name}'`);
  return HOW;
}

/** The value of `--NAME=VALUE` or `--NAME VALUE`. */
function valueOf(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  if (word === undefined) return undefined;
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '');
}

function socket(where: { port: number; host: string } | { path: string }, words: string): Channel {
  const stream = connectTo(where);
  stream.once('error', (error) => {
    process.stderr.write(`netpol: cannot connect to ${words} (${error.message}).\n`);
    end(1);
  });
  return streams(stream, stream);
}

function streams(input: Readable, output: Writable): Channel {
  return {
    reader(skipped) {
      const frames = frameReader(skipped);
      const checked = new PassThrough();
      let waiting: ReturnType<typeof setTimeout> | undefined;
      const report = (): void =>
        skipped(`A message is not whole: ${frames.missing()} bytes of it have not come for ${PATIENCE_MILLISECONDS / 1000} s.`);
      input.on('data', (bytes: Uint8Array) => {
        for (const part of frames.take(bytes)) checked.write(part);
        clearTimeout(waiting);
        if (frames.missing() > 0) waiting = setTimeout(report, PATIENCE_MILLISECONDS);
      });
      const messages = new StreamMessageReader(checked);
      messages.onError((error) => skipped(`Skipped a message that cannot be read: ${error.message}.`));
      return messages;
    },
    writer: new StreamMessageWriter(output),
    onEnd(ended) {
      for (const event of ['end', 'close', 'error']) input.once(event, ended);
      output.once('error', ended);
    },
  };
}

/** Is the process about to end? The only state of this module; there is one process. */
let ending = false;

function end(code: number): void {
  if (ending) return;
  ending = true;
  exit(code);
}

/** What has come before the end of the input counts: `shutdown` and `exit` may be the last of it. */
function whenQuiet(serving: Serving, then: () => void): void {
  const before = serving.handled();
  setTimeout(() => (serving.handled() === before ? then() : whenQuiet(serving, then)), 50);
}

function run({ reader, writer, onEnd }: Channel): Serving {
  const quiet = (): undefined => undefined;
  const serving: Serving = serveOn(
    {
      connect: (options) =>
        createConnection(
          ProposedFeatures.all,
          reader((sentence) => serving.warn(sentence)),
          writer,
          options,
        ),
      answer: (response) => void writer.write(response).catch(quiet),
      exit: end,
      follow: (processId) => follow(processId, () => end(serving.isShutDown() ? 0 : 1)),
    },
    untilEnding(nodeHost, () => ending),
  );
  onEnd(() => whenQuiet(serving, () => end(serving.isShutDown() ? 0 : 1)));
  // Nothing should come here: every promise and every message has a place where it is caught. If something does, one answer is lost, not the session.
  for (const event of ['uncaughtException', 'unhandledRejection'])
    process.on(event, (fault: unknown) => serving.warn(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)));
  return serving;
}

// An editor starts this file by itself; the command line loads it and calls `serve`.
if (/server\.c?js$/.test(process.argv[1] ?? '')) {
  const problem = serve(process.argv.slice(2));
  if (problem !== undefined) {
    process.stderr.write(`netpol: ${problem}\n`);
    process.exitCode = 2;
  }
}
