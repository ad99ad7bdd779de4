import { styleText } from 'node:util';

/** What a word of a text report means, which decides its colour. */
export type Meaning = 'error' | 'warning' | 'information' | 'hint' | 'allow' | 'deny' | 'undefined' | 'unknown' | 'place';

const STYLES = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  information: ['blue', 'bold'],
  hint: ['dim'],
  allow: ['green', 'bold'],
  deny: ['red', 'bold'],
  undefined: ['yellow', 'bold'],
  unknown: ['yellow', 'bold'],
  place: ['bold'],
} as const;

/**
 * Text in the colour of its meaning, on a terminal. Not where NO_COLOR is set to anything (no-color.org), on a terminal that knows no
 * colours, or in a file or pipe, unless FORCE_COLOR is set. The text must hold no control characters.
 */
export function painted(meaning: Meaning, text: string): string {
  return hasColors(process.env, process.stdout.isTTY) ? styleText([...STYLES[meaning]], text) : text;
}

/** Does a stream show colours, given the environment? */
export function hasColors(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: never = '', FORCE_COLOR: always = '', TERM: terminal } = environment;
  if (never !== '') return false;
  if (always !== '') return always !== '0';
  return isTerminal && terminal !== 'dumb';
}
