import { fork, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serverBundle } from './bundle.ts';
import { scratchDisk } from './scratch-disk.ts';

/* The server as a process of its own: how it ends, and what it says when it cannot begin. */

const disk = scratchDisk();
let bundle = '';
beforeAll(async () => {
  bundle = await serverBundle('process');
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly err: string;
}

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  readonly send: (message: object) => void;
  /** What the server has written so far. */
  readonly written: () => string;
}

function run(words: readonly string[] = ['--stdio'], node: readonly string[] = []): Run {
  const child = spawn(process.execPath, [...node, bundle, ...words]);
  let [err, out] = ['', ''];
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, err })));
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  return { child, ended, send, written: () => out };
}

/** A server that has been greeted. */
async function greeted(params: object = {}, node: readonly string[] = []): Promise<Run> {
  const server = run(['--stdio'], node);
  server.send({ id: 1, method: 'initialize', params: { processId: null, rootUri: disk.uri('w'), capabilities: {}, ...params } });
  await expect.poll(server.written, { timeout: 20_000 }).toContain('"id":1');
  server.send({ method: 'initialized', params: {} });
  return server;
}

beforeEach(() => {
  disk.write('w/a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n');
});

describe('the process ends', () => {
  test('with 1 when its input ends, with 0 when that is after a shutdown', async () => {
    const server = await greeted();
    server.child.stdin.end();
    expect(await server.ended).toEqual({ code: 1, signal: null, err: '' });
    const other = await greeted();
    other.send({ id: 2, method: 'shutdown' });
    await expect.poll(other.written).toContain('"id":2');
    other.child.stdin.end();
    expect(await other.ended).toEqual({ code: 0, signal: null, err: '' });
  });

  test('with 0 when everything up to exit is there before it starts', async () => {
    const server = run();
    server.send({ id: 1, method: 'initialize', params: { processId: null, rootUri: disk.uri('w'), capabilities: {} } });
    server.send({ method: 'initialized', params: {} });
    server.send({ id: 2, method: 'workspace/symbol', params: { query: '' } });
    server.send({ id: 3, method: 'shutdown' });
    server.send({ method: 'exit' });
    server.child.stdin.end();
    expect(await server.ended).toEqual({ code: 0, signal: null, err: '' });
    expect(server.written()).toContain('"id":3');
  });

  test('when the channel of the Node process that started it is closed', async () => {
    const child = fork(bundle, ['--node-ipc'], { stdio: 'ignore' });
    const answered = new Promise((resolve) => child.once('message', resolve));
    child.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    expect(await answered).toMatchObject({ id: 1, result: { serverInfo: { name: 'netpol' } } });
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await code).toBe(1);
  });

  test('when nobody reads what it writes', async () => {
    const server = await greeted();
    server.child.stdout.destroy();
    server.send({ id: 2, method: 'netpol/templates', params: {} });
    expect(await server.ended).toMatchObject({ code: 1, err: '' });
  });

  test('when the process of the client is gone, although its input is held open', async () => {
    const editor = spawn('sleep', ['1000']);
    const server = await greeted({ processId: editor.pid });
    editor.kill('SIGKILL');
    expect(await server.ended).toMatchObject({ code: 1 });
  });

  test('on exit, even with threads that hang in a call to the file system', async () => {
    disk.pipe('pipe');
    disk.write(
      'hang.cjs',
      `for (let i = 0; i < 6; i++) require('node:fs').open(${JSON.stringify(disk.path('pipe'))}, 'r', () => undefined);`,
    );
    const server = await greeted({ rootUri: null }, ['-r', disk.path('hang.cjs')]);
    server.send({ id: 2, method: 'shutdown' });
    server.send({ method: 'exit' });
    expect(await server.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  test('on exit, while it reads a pipe, a device and links that events have named', async () => {
    disk.pipe('w/pipe.yaml');
    const server = await greeted();
    const changes = Array.from({ length: 8 }, () => ({ uri: disk.uri('w/pipe.yaml'), type: 2 }));
    server.send({ method: 'workspace/didChangeWatchedFiles', params: { changes } });
    server.send({ id: 2, method: 'shutdown' });
    server.send({ method: 'exit' });
    expect(await server.ended).toEqual({ code: 0, signal: null, err: '' });
  });
});

test('bytes that are no messages cost nothing but themselves', async () => {
  const server = await greeted();
  for (const bad of [
    'Foo: 1\r\n\r\n{}',
    'Content-Length: -5\r\n\r\n{}',
    'Content-Length: 99999999999\r\n\r\n{}',
    'hello\n\n',
    'Content-Length: 5\r\n\r\n{{{{{',
  ])
    server.child.stdin.write(bad);
  server.send({ id: 'last', method: 'netpol/templates', params: {} });
  await expect.poll(server.written).toContain('"id":"last"');
  expect(server.written()).toContain('Skipped');
  server.child.kill();
});

describe('without a way to talk, one line says so', () => {
  test.each([
    [[], 2, /--stdio/],
    [['--socket=abc'], 2, /--socket takes a port from 1 to 65535, not 'abc'/],
    [['--socket'], 2, /--socket takes a port/],
    [['--socket=0'], 2, /--socket takes a port/],
    [['--socket=1'], 1, /cannot connect to port 1/],
    [['--node-ipc'], 2, /--node-ipc/],
    [['--pipe='], 2, /--pipe/],
    [['--pipe=/nowhere/at/all'], 1, /cannot connect to '\/nowhere\/at\/all'/],
  ])('%j', async (words, code, text) => {
    const ended = await run(words).ended;
    expect(ended.err).toMatch(text);
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.code).toBe(code);
  });

  test('a socket and a named pipe work', async () => {
    for (const where of [0, join(disk.path('w'), 'sock')]) {
      const greeting = new Promise<string>((resolve) => {
        const listener = createServer((socket) => {
          const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'shutdown' });
          socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
          socket.once('data', (part) => {
            resolve(part.toString());
            socket.destroy();
            listener.close();
          });
        });
        listener.listen(where, () => run([typeof where === 'number' ? `--socket=${portOf(listener.address())}` : `--pipe=${where}`]));
      });
      expect(await greeting).toContain('Content-Length');
    }
  });
});

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
