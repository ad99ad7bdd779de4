import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { formatPath } from '../../server/syntax/path.ts';
import { findingsIn } from './findings.ts';

/** Findings at error level against the verdicts of a real API server. test/corpus/README.md describes the corpus. */
interface Case {
  readonly id: string;
  readonly yaml: string;
  readonly verdict: string;
  readonly errors?: readonly { readonly field: string; readonly type: string; readonly detail?: string }[];
  readonly alt?: Pick<Case, 'verdict' | 'errors'>;
  readonly apiserver?: Pick<Case, 'verdict' | 'errors'>;
}

// Thousands of documents, on machines that do other things beside.
vi.setConfig({ testTimeout: 120_000 });

const OLD: Partial<Settings> = { kubernetesVersion: '1.35', policyApiChannel: 'standard' };
const shared = new URL('../../../shared/corpus/', import.meta.url);

const OURS = readCases(new URL('../corpus/apiserver.jsonl', import.meta.url)).filter(isCounted);

test('every verdict of the corpus agrees', () => {
  expect(disagreements(OURS)).toEqual([]);
});

test('so do those of an older server with the standard CRDs', () => {
  expect(
    disagreements(
      OURS.map((one) => ({ ...one, ...one.alt })),
      OLD,
    ),
  ).toEqual([]);
});

test('where the server names a field, so do we', () => {
  // Two documents have a key that the server's message quotes with escapes.
  expect(unnamedFields(OURS).length).toBeLessThanOrEqual(2);
});

test.skipIf(!existsSync(shared))('every verdict about half-typed policies agrees (skipped without ../shared)', () => {
  const cases = readCases(new URL('apiserver-typing.jsonl', shared)).filter((one) => isCounted(one) && isNamed(one));
  expect(disagreements(cases)).toEqual([]);
  expect(unnamedFields(cases)).toEqual([]);
});

test.skipIf(!existsSync(shared))('every verdict about policies of real projects agrees (skipped without ../shared)', () => {
  const cases = readCases(new URL('realworld.jsonl', shared)).flatMap((one) => (one.apiserver ? [{ ...one, ...one.apiserver }] : []));
  expect(cases.length).toBeGreaterThan(50);
  expect(disagreements(cases.filter(isCounted))).toEqual([]);
});

function readCases(file: URL): readonly Case[] {
  return readFileSync(file, 'utf8').trim().split('\n').map(caseOf);
}

function caseOf(line: string): Case {
  const read: Case = JSON.parse(line);
  return read;
}

/** What something fills in later and the wrapper of a List are left alone by design. */
function isCounted({ yaml }: Case): boolean {
  return !/\{\{|\$\{/.test(yaml) && !/^kind:\s*List\s*$/m.test(yaml);
}

function isNamed({ yaml }: Case): boolean {
  return (
    /^apiVersion:\s*["']?(?:networking\.k8s\.io\/v1|policy\.networking\.k8s\.io\/v1alpha[12])["']?\s*(?:#.*)?$/m.test(yaml) &&
    /^kind:\s*["']?(?:Cluster|Admin|BaselineAdmin)?NetworkPolicy["']?\s*(?:#.*)?$/m.test(yaml)
  );
}

function errorsOf(one: Case, settings: Partial<Settings>): readonly { readonly path: string; readonly code: string }[] {
  return findingsIn(one.yaml, { ...DEFAULTS, ...settings })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => ({ code, path: formatPath(path) }));
}

function disagreements(cases: readonly Case[], settings: Partial<Settings> = {}): readonly string[] {
  return cases.flatMap((one) => {
    const errors = errorsOf(one, settings);
    const verdict = errors.length > 0 ? 'reject' : 'accept';
    return verdict === one.verdict
      ? []
      : [`${one.id}: the server says ${one.verdict}, we say ${errors.map(({ code }) => code).join(', ') || 'nothing'}`];
  });
}

function unnamedFields(cases: readonly Case[]): readonly string[] {
  return cases.flatMap((one) => {
    if (one.verdict !== 'reject') return [];
    const ours = errorsOf(one, {}).map(({ path }) => bare(path));
    const theirs = (one.errors ?? []).filter(
      ({ field, type, detail = '' }) => field !== '' && type !== 'DuplicateKey' && !detail.includes('not checked'),
    );
    return theirs
      .map(({ field }) => bare(field))
      .filter((field) => !ours.some((path) => path.startsWith(field) || path.endsWith(field)))
      .map((field) => `${one.id}: ${field}`);
  });
}

function bare(path: string): string {
  return path.replace(/\[\d+\]/g, '').replace(/^\./, '');
}
