import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { noticesFor } from './tools/notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything that a bundle is made of, found out without the build. */
async function packagesIn(entry: string): Promise<readonly string[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    external: ['vscode'],
    platform: 'node',
    mainFields: ['module', 'main'],
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  // esbuild writes the name of each file above its code.
  const found = outputFiles.flatMap(({ text }) => [...text.matchAll(/^\s*\/\/ (?:.*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm)]);
  return [...new Set(found.map(([, name = '']) => name))];
}

const ENTRIES = ['server/node.ts', 'server/cli.ts', 'client/extension.ts'];

test('the notices cover every package in the bundles, with its licence', async () => {
  const results = await Promise.all(
    ENTRIES.map((entry) =>
      build({
        absWorkingDir: root,
        entryPoints: [entry],
        bundle: true,
        metafile: true,
        write: false,
        external: ['vscode'],
        platform: 'node',
        mainFields: ['module', 'main'],
        outdir: 'nowhere',
        logLevel: 'silent',
      }),
    ),
  );
  const notices = noticesFor(
    root,
    results.map(({ metafile }) => metafile),
  );
  const packages = new Set((await Promise.all(ENTRIES.map(packagesIn))).flat());
  expect(packages.size).toBeGreaterThan(5);
  const titles = notices.split('\n').filter((line) => /^[@a-z]\S* \d+\.\d+\.\d+\S* \(.+\)$/.test(line));
  expect(titles.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining([...packages, 'ajv']));
  // Each section has the text that the licence asks for.
  for (const section of notices.split(`\n${'-'.repeat(80)}\n`).slice(1)) expect(section).toMatch(/copyright|permission/i);
});

test('the package for npm and that for VS Code hold them', () => {
  for (const name of ['.vscodeignore', '.npmignore'])
    expect(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')).toContain('\n!dist/THIRD_PARTY_NOTICES.txt\n');
});
