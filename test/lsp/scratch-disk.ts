import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

/** A real folder for every test, taken away behind it. */
export interface Disk {
  readonly path: (name: string) => string;
  readonly uri: (name: string) => string;
  /** Writes a file; folders above it are made. */
  readonly write: (name: string, text: string) => void;
  /** Makes a named pipe. */
  readonly pipe: (name: string) => void;
}

export function scratchDisk(): Disk {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'netpol-disk-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    uri: (name) => pathToFileURL(path(name)).href,
    pipe: (name) => void execFileSync('/usr/bin/env', ['mkfifo', path(name)]),
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
  };
}
