/** How far long work is, on one line of a terminal that goes when the work is done. */
export interface TerminalProgress {
  readonly report: (text: string) => void;
  readonly done: () => void;
}

/** Work that takes less than this many milliseconds says nothing. */
const QUIET_MILLISECONDS = 2_000;

/** Milliseconds between two lines. */
const LINE_MILLISECONDS = 100;

/** Progress on standard error, where that is a terminal; `now` gives milliseconds. */
export function terminalProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  now: () => number = () => performance.now(),
): TerminalProgress {
  const start = now();
  let latest = start;
  let isShown = false;
  return {
    report(text) {
      const time = now();
      if (!stream.isTTY || time - start < QUIET_MILLISECONDS || (isShown && time - latest < LINE_MILLISECONDS)) return;
      latest = time;
      isShown = true;
      stream.write(`\r\u001b[Knetpol: ${text}`);
    },
    done() {
      if (isShown) stream.write('\r\u001b[K');
    },
  };
}
