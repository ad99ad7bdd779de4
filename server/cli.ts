import { run } from './cli/run.ts';

// The exit status is set, not forced, so that everything written arrives.
void run(process.argv.slice(2), { startServer: async () => (await import('./node.ts')).serve() }).then((status) => {
  process.exitCode = status;
});
