import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './arguments.ts';

/** The file with the settings of a repository. */
export const CONFIG_FILE = '.netpol.json';

/** The settings of a file, as JSON. Throws a UsageError where it cannot be read. */
export function readConfig(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new UsageError(`the settings file ${path} ${reason}.`);
  }
}

/** The nearest `.netpol.json` above the first path that exists (the working directory without one); `undefined` where there is none. */
export function nearestConfig(paths: readonly string[]): string | undefined {
  for (let at = resolve(paths.find((path) => path !== '-' && existsSync(path)) ?? '.'); ; at = dirname(at)) {
    const file = join(at, CONFIG_FILE);
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
}
