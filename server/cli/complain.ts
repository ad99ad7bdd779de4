import { terminalText } from '../base/inert.ts';

/** Says on standard error what went wrong. The lines of a stack stay lines; what names and texts bring along starts none. */
export function complain(problem: string): void {
  const [first = '', ...stack] = problem.split(/\n(?= {4}at )/);
  process.stderr.write(`netpol: ${[first, ...stack].map((line) => line.replace(/[^ ].*$/s, terminalText)).join('\n')}\n`);
}
