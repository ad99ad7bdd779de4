import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, vi } from 'vitest';
import { serve } from '../../server/node.ts';
import { run } from '../../server/cli/run.ts';
import { fixture } from '../fixture.ts';

/** What a command wrote and how it ended. */
export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own for every test, which is the working directory while it runs. */
export interface Scratch {
  readonly folder: () => string;
  /** Writes a file; folders above it are made. */
  readonly write: (name: string, content: string | Uint8Array) => void;
  /** Writes the files of a fixture, runs a command line in their folder, and gives what it wrote. A list of words may hold blanks. */
  readonly netpol: (line: string | readonly string[], source?: string, stdin?: string) => Promise<Ended>;
}

/** Sets up a scratch folder before every test of the file and takes it away behind it. */
export function scratch(): Scratch {
  const home = process.cwd();
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netpol-cli-'));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  return {
    folder: () => folder,
    write,
    netpol: (line, source = '', stdin = '') => {
      for (const { name, text } of fixture(source).files) if (text !== '') write(name, `${text}\n`);
      return listened(typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line, stdin);
    },
  };
}

async function listened(words: readonly string[], stdin: string): Promise<Ended> {
  let out = '';
  let err = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
    vi.spyOn(process.stdin, Symbol.asyncIterator).mockImplementation(() => Readable.from([Buffer.from(stdin)])[Symbol.asyncIterator]()),
  ];
  try {
    return { status: await run(words, { startServer: async (rest) => serve(rest) }), out, err };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
