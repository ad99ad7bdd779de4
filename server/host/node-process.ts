import type { Host } from './host.ts';

/** How long files that are being read are waited for at the end, in milliseconds. */
const GRACE_MILLISECONDS = 1000;

/** How often the client's process is looked for, in milliseconds. */
const WATCH_MILLISECONDS = 2000;

/** Ends the process once another one is gone. Whoever started this one may not have been able to end it. */
export function follow(processId: number, gone: () => void): void {
  const timer = setInterval(() => {
    if (isAlive(processId)) return;
    clearInterval(timer);
    gone();
  }, WATCH_MILLISECONDS);
  timer.unref();
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Ends the process. A thread that hangs in a call to the file system (a dead network drive) would keep `process.exit` waiting for ever, so a
 * process that has such a thread is killed.
 */
export function exit(code: number): void {
  const last = Date.now() + GRACE_MILLISECONDS;
  const attempt = (): void => {
    if (!process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))) process.exit(code);
    if (Date.now() > last) process.kill(process.pid, 'SIGKILL');
    setTimeout(attempt, 20);
  };
  attempt();
}

/** A host that finds nothing more once the process is ending, so that nothing new is begun. */
export function untilEnding(host: Host, isEnding: () => boolean): Host {
  return {
    read: async (uri) => (isEnding() ? { problem: 'The server is ending.' } : host.read(uri)),
    repository: (folder) => host.repository(folder),
    ignores: (uri) => host.ignores(uri),
    async *list(folder, places) {
      for await (const entry of host.list(folder, places)) {
        if (isEnding()) return;
        yield entry;
      }
    },
  };
}
