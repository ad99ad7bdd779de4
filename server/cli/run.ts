import { complain } from './complain.ts';
import { terminalText } from '../base/inert.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { UsageError } from './arguments.ts';
import { BUILD_HELP, runBuild } from './build.ts';
import { check, CHECK_HELP } from './check.ts';
import { CONNECTIONS_HELP, runConnections } from './connections.ts';
import { DIFF_HELP, runDiff } from './diff.ts';
import { CONVERT_HELP, runConvert } from './convert.ts';
import { EXPLAIN_HELP, runExplain } from './explain.ts';

/** What the command line gets from outside: the language server, loaded only when it is asked for. */
export interface CliEntry {
  /** Gives one sentence where the words do not say how the editor talks to it. */
  readonly startServer: (words: readonly string[]) => Promise<string | undefined>;
}

interface Command {
  readonly help: string;
  readonly run: (words: readonly string[], entry: CliEntry) => Promise<number>;
}

const LSP_HELP = `netpol lsp --stdio | --node-ipc | --socket=PORT | --pipe=NAME

The language server itself, for any editor that supports the Language Server Protocol 3.17.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  check: { help: CHECK_HELP, run: (words) => check(words) },
  connections: { help: CONNECTIONS_HELP, run: (words) => runConnections(words) },
  explain: { help: EXPLAIN_HELP, run: (words) => runExplain(words) },
  diff: { help: DIFF_HELP, run: (words) => runDiff(words) },
  convert: { help: CONVERT_HELP, run: (words) => runConvert(words) },
  build: { help: BUILD_HELP, run: (words) => runBuild(words) },
  lsp: { help: LSP_HELP, run: lsp },
};

const HELP = `netpol: write Kubernetes network policy with confidence. Everything stays on this machine.

  netpol check [PATH…]      what the API server rejects, and what does not do what it seems to say
  netpol connections PATH…  which connections are allowed
  netpol explain …          why one connection is allowed or denied
  netpol diff OLD NEW       which connections a change allows or denies
  netpol convert …          policies in another API, with a proof that they mean the same
  netpol build DIR          the objects that a kustomization builds, as they are evaluated
  netpol lsp --stdio        the language server, for any editor

See 'netpol help COMMAND'. Exit status: 0 no problems found, 1 problems found, 2 the command failed.`;

/** Runs a command line and gives the exit status: 0 no problems found, 1 problems found, 2 the command failed. Never throws. */
export async function run(words: readonly string[], entry: CliEntry): Promise<number> {
  const [name, ...rest] = words;
  if (name === '--version' || name === '-v') return say(packageJson.version);
  if (name === undefined || name === '--help' || name === '-h') return say(HELP);
  if (name === 'help') return run(rest.length === 0 ? ['--help'] : [...rest.slice(0, 1), '--help'], entry);
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`there is no command '${name}'. Commands: ${Object.keys(COMMANDS).join(', ')}.`);
    return rest.includes('--help') || rest.includes('-h') ? say(command.help) : await command.run(rest, entry);
  } catch (error) {
    const text = error instanceof UsageError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (error instanceof UsageError) for (const line of error.list) process.stderr.write(`  ${terminalText(line)}\n`);
    complain(text);
    return 2;
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

async function lsp(words: readonly string[], entry: CliEntry): Promise<number> {
  const problem = await entry.startServer(words);
  if (problem !== undefined) throw new UsageError(problem);
  return 0;
}
