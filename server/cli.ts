import { endsWithReader } from './cli/closed-output.ts';
import { run } from './cli/run.ts';

endsWithReader(process.stdout, (status) => process.exit(status));

// The exit status is set, not forced, so that everything written arrives.
void run(process.argv.slice(2), { startServer: async (words) => (await import('./node.ts')).serve(words) }).then((status) => {
  process.exitCode = status;
});
