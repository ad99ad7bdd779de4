// What the scripts over seeded clusters have in common: their options, the product under test, a file to write a cluster to, and a tally.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { product } from './product.mjs';

/** Reads `CHECKOUT [--from N] [--count N] [--options JSON]` from the command line; `option` reads what a script has besides. */
export async function seedRun(name, count = 50) {
  const args = process.argv.slice(2);
  const option = (key, otherwise) => {
    const i = args.indexOf(`--${key}`);
    return i < 0 ? otherwise : args[i + 1];
  };
  const dir = option('out', join(tmpdir(), 'netpol-oracle'));
  mkdirSync(dir, { recursive: true });
  return {
    run: await product(args[0]),
    option,
    from: Number(option('from', 1)),
    count: Number(option('count', count)),
    options: JSON.parse(option('options', '{}')),
    dir,
    file: join(dir, `${name}-${process.pid}.yaml`),
  };
}

/** Counts by key, with the first few examples of each. */
export function newTally() {
  const tally = new Map();
  const bump = (key, seed, text) => {
    const entry = tally.get(key) ?? { n: 0, shown: [] };
    entry.n++;
    if (text && entry.shown.length < 4) entry.shown.push(`seed ${seed}: ${text}`);
    tally.set(key, entry);
  };
  return { tally, bump };
}
