/** A stretch of work in which the server answered nothing. */
interface Stretch {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly cpu: number;
}

/** What the watchdog saw. */
export interface WatchdogReport {
  /** How many stretches of work there were. */
  readonly steps: number;
  /**
   * The longest ones first, with their time in milliseconds, that of garbage collection taken out, and the processor time of all threads
   * of the process, garbage collection included: on a busy machine the one is too long for the waiting, the other for the helpers.
   */
  readonly longest: readonly { readonly what: string; readonly ms: number; readonly garbageCollection: number; readonly cpu: number }[];
}

/** Shorter ones, in milliseconds, are only counted. */
const MIN_REPORTED_MILLISECONDS = 4;
const MAX_REPORTED_STEPS = 20;

/** There is one process and one event loop; what it does is measured where messages and slices of work begin. */
let observer: InstanceType<typeof PerformanceObserver> | undefined;
let depth = 0;
let steps = 0;
let stretches: Stretch[] = [];
let collections: { readonly start: number; readonly end: number }[] = [];

/** Begins to measure, for those who look for what keeps others waiting. */
export function startWatchdog(): void {
  observer ??= new PerformanceObserver((list) => noteCollections(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
}

/** Is it measured how long work takes? */
export function isWatched(): boolean {
  return observer !== undefined;
}

/** Does some work and, if the watchdog is on, measures how long it blocks the event loop. Nested work counts once. */
export function measured<T>(what: string, work: () => T): T {
  if (!observer || depth > 0) return work();
  const start = performance.now();
  const used = process.cpuUsage();
  depth++;
  try {
    return work();
  } finally {
    depth--;
    steps++;
    const end = performance.now();
    if (end - start >= MIN_REPORTED_MILLISECONDS) stretches.push({ what, start, end, cpu: milliseconds(process.cpuUsage(used)) });
  }
}

function milliseconds({ user, system }: { readonly user: number; readonly system: number }): number {
  return (user + system) / 1000;
}

/** What was measured since the last report. */
export function watchdogReport(): WatchdogReport {
  noteCollections(observer?.takeRecords() ?? []);
  const longest = stretches
    .map(({ what, start, end, cpu }) => {
      const garbageCollection = collections.reduce((sum, gc) => sum + Math.max(0, Math.min(end, gc.end) - Math.max(start, gc.start)), 0);
      return { what, ms: end - start - garbageCollection, garbageCollection, cpu };
    })
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, MAX_REPORTED_STEPS);
  const report = { steps, longest };
  steps = 0;
  stretches = [];
  collections = [];
  return report;
}

function noteCollections(entries: readonly { readonly startTime: number; readonly duration: number }[]): void {
  for (const { startTime, duration } of entries) collections.push({ start: startTime, end: startTime + duration });
}
