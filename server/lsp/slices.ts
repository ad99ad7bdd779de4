import type { Work } from '../base/work.ts';

/** The longest stretch of work, in milliseconds, before messages from the editor are looked at again. */
const SLICE = 20;

/**
 * Runs work in slices. The first slice runs at once, so that short work is done when this returns. `wanted` is asked before every
 * further slice: work that is no longer wanted is dropped.
 */
export function inSlices<T>(work: Work<T>, wanted: () => boolean, done: (result: T) => void): void {
  const until = performance.now() + SLICE;
  do {
    const step = work.next();
    if (step.done) return done(step.value);
  } while (performance.now() < until);
  setImmediate(() => {
    if (wanted()) inSlices(work, wanted, done);
  });
}

/** Runs work in slices for who waits for it, after the messages that are there already. */
export function slicesOf<T>(work: Work<T>): Promise<T> {
  return new Promise((resolve) => {
    setImmediate(() => inSlices(work, () => true, resolve));
  });
}
