import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The lines of a file in test/corpus, each parsed from JSON. The name is without `.jsonl.gz`. */
export function corpus(name: string): readonly unknown[] {
  const text = gunzipSync(readFileSync(new URL(`corpus/${name}.jsonl.gz`, import.meta.url))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** Is it an object with these fields? */
export function hasFields<K extends string>(value: unknown, ...fields: readonly K[]): value is Readonly<Record<K, unknown>> {
  return typeof value === 'object' && value !== null && fields.every((field) => field in value);
}

/** Is it an object of texts: the files of a case, by path? */
export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
