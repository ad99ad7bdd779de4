import { describe, expect, test } from 'vitest';
import { corpus, hasFields, isTexts } from '../corpus.ts';
import { scratch } from './scratch.ts';

/*
 * Mistakes that people reported, in our own words (`field`), and small copies of what real repositories look like (`field-rw`): see
 * test/corpus/README.md. A case that is right must stay right. Those that are not yet are listed; take a case out when it has become right.
 */
const NOT_YET: ReadonlySet<string> = new Set([]);

const RANK: Readonly<Record<string, number>> = { hint: 0, information: 1, warning: 2, error: 3 };

/** Findings that claim something about the workspace: false ones cost more than others. */
const UNSOUND: readonly string[] = ['near-miss-label', 'selects-nothing', 'peer-selects-nothing', 'named-port-missing', 'port-not-exposed'];

const { write, netpol } = scratch();

describe('a mistake that people made is told, and its mended version is left in peace', () => {
  test.each(casesIn('field'))('$id', async ({ id, expect: want, files }) => {
    const wrong = await wrongIn(files, want);
    if (!NOT_YET.has(id)) expect(wrong).toEqual([]);
  });
});

describe('what real repositories look like is judged as the cluster that results', () => {
  // What takes long is for the bench.
  const cases = casesIn('field-rw').filter(({ expect: want }) => want.make === undefined);
  test.each(cases)('$id', async ({ id, expect: want, files }) => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    const wrong = [...wrongFindings(await diagnostics(), want), ...(await wrongVerdicts(want))];
    if (!NOT_YET.has(id)) expect(wrong).toEqual([]);
  });
});

describe('policies of other APIs are checked without failing', () => {
  test.each(['field-cilium', 'field-calico', 'field-antrea'].flatMap(casesIn))('$id', async ({ files }) => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    await diagnostics();
  });
});

interface Case {
  readonly id: string;
  readonly expect: Expected;
  readonly files: Readonly<Record<string, string>>;
}

interface Expected {
  /** `field`: the least severity of a finding that `before` has and `after` has not. */
  readonly level?: string;
  /** `field`: nothing is wrong in `before` either. */
  readonly silent?: boolean;
  readonly make?: unknown;
  readonly not?: readonly string[];
  readonly has?: readonly string[];
  readonly noErrors?: boolean;
  readonly hasError?: string;
  readonly says?: string;
  readonly explain?: readonly Question[];
  /** Names that no connection has. */
  readonly gone?: readonly string[];
}

interface Question {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly verdict: string | readonly string[];
  readonly dir?: string;
}

interface Diagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

async function wrongIn(files: Case['files'], { level, silent = false }: Expected): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) write(path, text);
  const before = await diagnostics('before');
  const isMended = Object.keys(files).some((path) => path.startsWith('after/'));
  const after = isMended ? await diagnostics('after') : [];
  const count = (list: readonly Diagnostic[], code: string): number => list.filter((one) => one.code === code).length;
  const isTold = before.some(({ code, severity }) => rank(severity) >= rank(level) && count(before, code) > count(after, code));
  const loud = (which: string, list: readonly Diagnostic[]): string[] =>
    list
      .filter(({ code, severity }) => rank(severity) >= 2 || (rank(severity) >= 1 && UNSOUND.includes(code)))
      .map(({ code }) => `${which}: ${code}`);
  return [
    ...(level === undefined || isTold ? [] : [`nothing at level ${level}`]),
    ...loud('after', after),
    ...(silent ? loud('before', before) : []),
  ];
}

function rank(severity: string | undefined): number {
  return RANK[severity ?? ''] ?? 0;
}

function wrongFindings(found: readonly Diagnostic[], want: Expected): readonly string[] {
  const codes = new Set(found.map(({ code }) => code));
  const errors = found.filter(({ severity }) => severity === 'error');
  const { not = [], has, noErrors = false, hasError, says } = want;
  return [
    ...not.filter((code) => codes.has(code)).map((code) => `says ${code}`),
    ...(has && !has.some((code) => codes.has(code)) ? [`does not say ${has.join(' or ')}`] : []),
    ...(noErrors && errors.length > 0 ? ['an error'] : []),
    ...(hasError !== undefined && !errors.some(({ message }) => message.includes(hasError)) ? [`no error about ${hasError}`] : []),
    ...(says !== undefined && !found.some(({ message }) => message.includes(says)) ? [`never says ${says}`] : []),
  ];
}

async function wrongVerdicts({ explain = [], gone = [] }: Expected): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { from, to, port, verdict, dir = '.' } of explain) {
    const { out, err } = await netpol(['explain', '--from', from, '--to', to, '--port', String(port), '--format', 'json', dir]);
    const found: unknown = err === '' ? JSON.parse(out) : undefined;
    const answer = hasFields(found, 'verdict') ? String(found.verdict) : err;
    if (![verdict].flat().includes(answer)) wrong.push(`${from} -> ${to} ${port}: ${answer}`);
  }
  if (gone.length === 0) return wrong;
  const { out } = await netpol('connections . --format json');
  return [...wrong, ...gone.filter((name) => out.includes(name)).map((name) => `${name} is still there`)];
}

async function diagnostics(folder = '.'): Promise<readonly Diagnostic[]> {
  const { out, err, status } = await netpol(['check', folder, '--format', 'json']);
  const report: unknown = status === 2 ? undefined : JSON.parse(out);
  if (!hasFields(report, 'diagnostics') || !Array.isArray(report.diagnostics)) throw new Error(`The check failed: ${err}`);
  return report.diagnostics.filter(isDiagnostic);
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return hasFields(value, 'code', 'severity', 'message');
}

function casesIn(name: string): readonly Case[] {
  return corpus(name).filter(isCase);
}

function isCase(value: unknown): value is Case {
  return hasFields(value, 'id', 'expect', 'files') && isTexts(value.files);
}
