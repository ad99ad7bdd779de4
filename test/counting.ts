import { Session, type Profiler } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** How often each function ran, and each block in it, by `file function`; the same on every machine. */
export type Counts = ReadonlyMap<string, number>;

// Code that V8 has optimised is no longer counted. And a function has counters for its blocks only if it is compiled behind this point, so
// this module is to be imported before those that are counted.
setFlagsFromString('--no-opt');
const session = new Session();
session.connect();
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * Counts what runs of our own code while something is done: each call of a function and each round of a loop. What grows faster than its
 * input shows so without a clock.
 */
export function countsOf(work: () => void): Counts {
  taken();
  work();
  const counts = new Map<string, number>();
  for (const { url, functions } of taken()) {
    const file = /\/(server\/.*\.ts)/.exec(url)?.[1];
    for (const { functionName, ranges } of file === undefined ? [] : functions) {
      const name = `${file} ${functionName}`;
      counts.set(name, (counts.get(name) ?? 0) + ranges.reduce((sum, { count }) => sum + count, 0));
    }
  }
  return counts;
}

/** All of it in one number. */
export function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function post(method: string, params: object = {}): void {
  session.post(method, params, (error) => {
    if (error) throw error;
  });
}

/** What was counted since the last time. */
function taken(): readonly Profiler.ScriptCoverage[] {
  let found: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) throw error;
    found = result;
  });
  return found;
}
