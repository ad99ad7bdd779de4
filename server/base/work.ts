/** Long work: a generator that yields wherever it may be interrupted. */
export type Work<T> = Generator<void, T>;

/** Runs work to its end at once. */
export function finished<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
