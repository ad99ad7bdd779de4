import { defineConfig, type ViteUserConfig } from 'vitest/config';

// The root is the repository, so that file snapshots may reach server/, docs/ and package.json.
const config: ViteUserConfig = defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // `npm test -- -u` renews what is generated: snapshots by vitest itself, the rest by the tests that see this.
    env: { NETPOL_UPDATE: process.argv.some((word) => word === '-u' || word === '--update') ? 'yes' : '' },
    // The compiled schemas are not in the repository; see test/tools/generate.mjs.
    globalSetup: ['test/tools/generate.mjs'],
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'dist/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
