import { defineConfig, type ViteUserConfig } from 'vitest/config';

const OUTSIDE = ['**/node_modules/**', 'test/e2e/**', 'dist/**'];
const COUNTING = ['test/cost*.test.ts'];

// The root is the repository, so that file snapshots may reach server/, docs/ and package.json.
const config: ViteUserConfig = defineConfig({
  root: new URL('..', import.meta.url).pathname,
  // Outside of an editor there is no such module.
  resolve: { alias: { vscode: new URL('client/vscode.ts', import.meta.url).pathname } },
  test: {
    // `npm test -- -u` renews what is generated: snapshots by vitest itself, the rest by the tests that see this.
    env: { NETPOL_UPDATE: process.argv.some((word) => word === '-u' || word === '--update') ? 'yes' : '' },
    // The compiled schemas are not in the repository; see test/tools/generate.mjs.
    globalSetup: ['test/tools/generate.mjs'],
    // For a machine that does many other things; nothing here takes more than a few seconds on a quiet one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    // Loading the server anew for each file took a third of the whole time; what counts calls needs a process of its own, see test/counting.ts.
    projects: [
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...OUTSIDE, ...COUNTING], isolate: false } },
      { extends: true, test: { name: 'counting', include: COUNTING, exclude: OUTSIDE } },
    ],
  },
});
export default config;
