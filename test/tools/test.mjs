// `npm test`: the unit tests, then the end-to-end lanes. With arguments only the unit tests: `npm test -- -u`, `npm test -- test/rules`.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);

const results = [unitTests()];
if (args.length === 0) results.push(endToEnd());
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** Runs vitest once. A run that ends badly without a failed test (a file that does not load) counts as one failure. */
function unitTests() {
  const scratch = mkdtempSync(join(tmpdir(), 'netpol-test-'));
  const report = join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '-c', 'test/vitest.config.ts', ...reporters, ...args],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const { numPassedTests = 0, numFailedTests = 0 } = readJson(report);
  rmSync(scratch, { recursive: true, force: true });
  return { passed: numPassedTests, failed: vitest.status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // vitest did not come as far as writing one
  }
}

function endToEnd() {
  console.log('\nEnd-to-end lanes (npm run e2e)');
  const { status, stdout } = spawnSync(process.execPath, ['test/e2e/run.mjs'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  const count = /(\d+) passed, (\d+) failed\s*$/.exec(stdout);
  console.log(stdout.replace(/\d+ passed, \d+ failed\s*$/, ''));
  const lanesFailed = Number(count?.[2] ?? 1);
  return { passed: Number(count?.[1] ?? 0), failed: status === 0 ? lanesFailed : Math.max(1, lanesFailed) };
}
