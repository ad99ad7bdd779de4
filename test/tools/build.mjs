// Bundles the extension: dist/extension.cjs (VS Code), dist/server.cjs (language server), dist/cli.cjs (command line).
// Also writes dist/snippets, the templates for VS Code, and the licence notices of all packages in the bundles. The command line loads dist/server.cjs only for `netpol lsp`, so that `netpol check` starts fast.
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import generate from './generate.mjs';
import { NOTICES, noticesFor } from './notices.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const bundles = [
  { entry: 'server/node.ts', outfile: 'dist/server.cjs' },
  { entry: 'server/cli.ts', outfile: 'dist/cli.cjs', shebang: true },
  { entry: 'client/extension.ts', outfile: 'dist/extension.cjs', external: ['vscode'] },
];

/** `import('./node.ts')` in the command line becomes a load of the server bundle beside it. */
const serverBesideCli = {
  name: 'server-beside-cli',
  setup(bundler) {
    bundler.onResolve({ filter: /\/node\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './server.cjs', external: true } : undefined,
    );
  },
};

await generate();
await bundleAll();

async function bundleAll() {
  await rm(`${root}dist/snippets`, { recursive: true, force: true });
  const [, ...metafiles] = await Promise.all([staticTemplates(), ...bundles.map(bundle)]);
  await writeFile(root + NOTICES, noticesFor(root, metafiles));
  for (const { outfile } of bundles) console.log(`${outfile}  ${Math.round((await stat(root + outfile)).size / 1000)} kB`);
}

async function bundle({ entry, outfile, external = [], shebang = false }) {
  const hasShebang = shebang && (await readFile(root + entry, 'utf8')).startsWith('#!');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    external,
    bundle: true,
    metafile: true,
    minify: true,
    // The notices of all packages stand in one file of their own.
    legalComments: 'none',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    plugins: [serverBesideCli],
    ...(shebang && !hasShebang ? { banner: { js: '#!/usr/bin/env node' } } : {}),
  });
  if (shebang) await chmod(root + outfile, 0o755);
  return metafile;
}

/**
 * The templates of whole manifests as VS Code reads them by itself, for "Fill File with Snippet" and "Insert Snippet".
 * Without a prefix it does not offer them while typing: there the server does, and only where they fit.
 */
async function staticTemplates() {
  await mkdir(`${root}dist/snippets`, { recursive: true });
  const files = (await readdir(`${root}snippets`)).filter((name) => name.endsWith('.json') && !name.endsWith('.fragments.json'));
  for (const file of files) {
    const templates = Object.entries(JSON.parse(await readFile(`${root}snippets/${file}`, 'utf8')));
    const forVsCode = templates.map(([title, { description, body }]) => [title, { isFileTemplate: true, description, body }]);
    await writeFile(`${root}dist/snippets/${file}`, JSON.stringify(Object.fromEntries(forVsCode)));
  }
}
