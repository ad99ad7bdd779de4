import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A command line that cannot be carried out; the message says what to change. Ends in exit status 2. */
export class UsageError extends Error {
  /** What is listed, one a line, in front of the message. */
  readonly list: readonly string[];

  constructor(message: string, list: readonly string[] = []) {
    super(message);
    this.list = list;
  }
}

/** The options that every command knows. */
const COMMON_OPTIONS: Options = {
  config: { type: 'string' },
  'kubernetes-version': { type: 'string' },
  'policy-api-channel': { type: 'string' },
  cni: { type: 'string' },
  format: { type: 'string' },
  cluster: { type: 'string' },
  'only-valid': { type: 'boolean' },
  'allow-empty': { type: 'boolean' },
};

type Options = NonNullable<ParseArgsConfig['options']>;

/** What was given on the command line. */
export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly paths: readonly string[];
}

/** Reads the words behind a command. Throws a UsageError in our words for an unknown or incomplete option. */
export function readArguments(words: readonly string[], options: Options): Arguments {
  const all: Options = { ...COMMON_OPTIONS, ...options };
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: all, allowPositionals: true, strict: true });
    const single = Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value] as const);
    return { values: Object.fromEntries(single), paths: positionals };
  } catch (error) {
    const word = error instanceof Error ? (/'(-[^' ]+)/.exec(error.message)?.[1] ?? '') : '';
    const optionNames = Object.keys(all).map((name) => `--${name}`);
    if (optionNames.includes(word))
      throw new UsageError(`${word} needs ${all[word.slice(2)]?.type === 'boolean' ? 'no value' : 'a value'}. See '--help'.`);
    throw new UsageError(`there is no option '${word}'. The options are ${optionNames.join(', ')}.`);
  }
}

/** The value of an option that has a few known values. */
export function choiceOf<T extends string>(args: Arguments, name: string, choices: readonly [T, ...T[]]): T {
  const given = args.values[name];
  if (given === undefined) return choices[0];
  const found = choices.find((value) => value === given);
  if (found === undefined) throw new UsageError(`--${name} takes ${choices.join(', ')}, not '${String(given)}'.`);
  return found;
}

/** The value of an option that is a non-negative integer; `undefined` where it is not given. */
export function countOf(args: Arguments, name: string): number | undefined {
  const given = args.values[name];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^\d{1,9}$/.test(given)) throw new UsageError(`--${name} takes an integer, not '${String(given)}'.`);
  return Number(given);
}
