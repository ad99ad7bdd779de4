import type { EventEmitter } from 'node:events';

/** The exit status where the output is not read to its end: the command did not do what it was asked to. */
const UNREAD = 2;

/**
 * Whoever reads the output may stop early (`netpol connections . | head`). The program then ends at once and without a
 * message; any other fault of the stream ends it as Node.js does.
 */
export function endsWithReader(output: Pick<EventEmitter, 'on'>, exit: (status: number) => void): void {
  output.on('error', (fault: Error) => {
    if (!('code' in fault) || fault.code !== 'EPIPE') throw fault;
    exit(UNREAD);
  });
}
