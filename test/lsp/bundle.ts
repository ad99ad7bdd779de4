import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the language server as it is shipped, for tests that run it as a process of its own; gives the path of the file. */
export async function serverBundle(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/netpol-test/${name}/server.cjs`, import.meta.url));
  const entry = fileURLToPath(new URL('../../server/node.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}
