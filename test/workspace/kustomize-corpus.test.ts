import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { build } from '../../server/workspace/kustomize/build.ts';
import { jsonOf } from '../../server/workspace/kustomize/values.ts';
import { inMemory } from './build-files.ts';

/** A kustomization and what kustomize v5.5.0 makes of it, or that it refuses. */
interface Case {
  readonly id: string;
  readonly dir: string;
  readonly files: Readonly<Record<string, string>>;
  readonly objects?: readonly unknown[];
  readonly error?: string;
}

const OURS = new URL('../corpus/kustomize-own.jsonl', import.meta.url);
/** The cases of kustomize's repository are not ours to keep. */
const UPSTREAM = new URL('../../../shared/corpus/kustomize.jsonl', import.meta.url);

/** Content hashes at the end of generated names are not written here. */
const HASH = /-[2456789bcdfghkmt]{10}$/;

test.each(readCases(OURS))('$id', (one) => judge(one));

test.skipIf(!existsSync(UPSTREAM))('the cases of kustomize itself (skipped without ../shared)', () => {
  for (const one of readCases(UPSTREAM)) judge(one);
});

function readCases(url: URL): readonly Case[] {
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): Case => JSON.parse(line));
}

function judge({ id, files, dir, objects, error }: Case): void {
  const result = build(`file:///top${dir === '.' ? '' : `/${dir}`}`, inMemory(files));
  const errors = result.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (error !== undefined) return expect(errors, id).not.toEqual([]);
  expect(errors, id).toEqual([]);
  expect(sorted(result.objects.map(({ root }) => jsonOf(root))), id).toEqual(sorted(withoutHashes(objects ?? [])));
}

function withoutHashes(objects: readonly unknown[]): readonly unknown[] {
  const text = JSON.stringify(objects);
  const names = [...text.matchAll(/"kind":"(?:ConfigMap|Secret)","metadata":\{(?:[^{}]|\{[^{}]*\})*?"name":"([^"]+)"/g)].flatMap(
    ([, name = '']) => (HASH.test(name) ? [name] : []),
  );
  return JSON.parse(names.reduce((all, name) => all.replaceAll(name, name.replace(HASH, '')), text));
}

function sorted(objects: readonly unknown[]): readonly unknown[] {
  return objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
