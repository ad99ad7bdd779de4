// A lane is a script of named checks: it prints one line each, keeps out/NAME.json, and exits 1 when one fails.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { out } from './editor.mjs';

/**
 * Runs a lane. `body` gets `check(name, action)`; an action that throws is a failure, and so is a body that throws. It may also `record`
 * what came of a check that ran elsewhere; one with `again` has failed with that error and will be tried once more.
 */
export async function runLane(name, body) {
  const results = [];
  let last = Date.now();
  const record = (result) => {
    const seconds = (Date.now() - last) / 1000;
    last = Date.now();
    if (result.again !== undefined) {
      console.log(
        `AGAIN ${name}: ${result.name} (${seconds.toFixed(1)} s), because of:\n      ${result.again.replaceAll('\n', '\n      ')}`,
      );
      return;
    }
    results.push({ ...result, seconds });
    console.log(`${result.error === undefined ? 'ok   ' : 'FAIL '} ${name}: ${result.name} (${seconds.toFixed(1)} s)`);
    if (result.error !== undefined) console.log(`      ${result.error.replaceAll('\n', '\n      ')}`);
  };
  const check = async (checkName, action) => {
    try {
      await action();
      record({ name: checkName });
    } catch (error) {
      record({ name: checkName, error: messageOf(error) });
    }
  };
  try {
    await body({ check, record });
  } catch (error) {
    record({ name: 'the lane runs to its end', error: messageOf(error) });
  }
  if (results.length === 0) record({ name: 'the lane has checks', error: 'none ran' });

  await mkdir(out, { recursive: true });
  await writeFile(join(out, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
}

export function messageOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
