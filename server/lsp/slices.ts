import type { Work } from '../base/work.ts';
import { measured } from './watchdog.ts';

/**
 * How long work goes on, in milliseconds, before messages from the editor are looked at again. The last step of a slice may go on for some
 * milliseconds more, and together they stay below the 20 ms that no step may take.
 */
const SLICE_MILLISECONDS = 8;

/** What becomes of work that is done in slices. */
export interface SliceHandlers<T> {
  /** Called before every further slice: work that is no longer wanted is dropped. */
  readonly isCurrent: () => boolean;
  readonly done: (result: T) => void;
  readonly failed: (fault: unknown) => void;
  readonly dropped?: () => void;
}

/** Runs work in slices. The first slice runs at once, so that short work is done when this returns. */
export function inSlices<T>(work: Work<T>, outcome: SliceHandlers<T>): void {
  measured('slice', () => oneSlice(work, outcome));
}

function oneSlice<T>(work: Work<T>, outcome: SliceHandlers<T>): void {
  const until = performance.now() + SLICE_MILLISECONDS;
  try {
    do {
      const step = work.next();
      if (step.done) return outcome.done(step.value);
    } while (performance.now() < until);
  } catch (fault) {
    return outcome.failed(fault);
  }
  setImmediate(() => {
    if (outcome.isCurrent()) inSlices(work, outcome);
    else outcome.dropped?.();
  });
}

/** Runs work in slices for who waits for it, after the messages that are there already; `undefined` where it is no longer wanted. */
export function slicesOf<T>(work: Work<T>, isCurrent: () => boolean = () => true): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const dropped = (): void => resolve(undefined);
    setImmediate(() => (isCurrent() ? inSlices(work, { isCurrent, done: resolve, failed: reject, dropped }) : dropped()));
  });
}
