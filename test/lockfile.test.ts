import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

const read = (file: string): Lock => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

// `npm run lockfile` repairs both.
test('package-lock.json knows every optional package: npm 11 refuses one that does not', () => {
  const { packages } = read('../package-lock.json');
  const wanted = Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => [owner, name]),
  );
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.filter(([owner, name]) => !packages[`${owner}/node_modules/${name}`] && !packages[`node_modules/${name}`])).toEqual([]);
});

test.each(['../package-lock.json', './e2e/package-lock.json'])('%s names no registry', (file) => {
  expect(Object.entries(read(file).packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
