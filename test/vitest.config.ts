import { defineConfig, type ViteUserConfig } from 'vitest/config';

// The root is the repository, so that file snapshots may reach server/, docs/ and package.json.
const config: ViteUserConfig = defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // The compiled schemas are not in the repository; see test/tools/generate.mjs.
    globalSetup: ['test/tools/generate.mjs'],
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'dist/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
