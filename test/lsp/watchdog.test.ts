import { afterEach, expect, test, vi } from 'vitest';
import { inSlices } from '../../server/lsp/slices.ts';
import { measured, startWatchdog, watchdogReport } from '../../server/lsp/watchdog.ts';

afterEach(() => vi.restoreAllMocks());

test('work is counted once, however deep it is, and the longest comes first', () => {
  startWatchdog();
  watchdogReport();
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  measured('short', () => (now += 5));
  measured('long', () => measured('within', () => (now += 50)));
  expect(() =>
    measured('failing', () => {
      now += 10;
      throw new Error('no');
    }),
  ).toThrow('no');
  const { steps, longest } = watchdogReport();
  expect(steps).toBe(3);
  expect(longest.map(({ what, ms }) => `${what} ${ms}`)).toEqual(['long 50', 'failing 10', 'short 5']);
  expect(watchdogReport()).toEqual({ steps: 0, longest: [] });
});

test('each slice of work is a step', async () => {
  startWatchdog();
  watchdogReport();
  await new Promise<void>((resolve, reject) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const work = (function* () {
      for (let i = 0; i < 3; i++) {
        now += 30;
        yield;
      }
    })();
    inSlices(work, { isCurrent: () => true, done: resolve, failed: reject });
  });
  // Servers of other tests in this process may work meanwhile; the clock stands still for them.
  const own = watchdogReport().longest.filter(({ ms }) => ms > 0);
  expect(own.map(({ what, ms }) => `${what} ${ms}`)).toEqual(['slice 30', 'slice 30', 'slice 30']);
});
