import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';

/*
 * Mistakes that people reported in public, each in our own words: what they had (`before`) and what mended it (`after`). The finding that
 * would have saved them is there before and not after, and what is right is left in peace. `expect.json` tells the story of each and where
 * it was read. Several codes: any of them names the mistake.
 */

interface Report {
  readonly source: string;
  readonly story: string;
  readonly code?: string;
  readonly level?: 'warning' | 'information';
  readonly silent?: true;
}

const folder = new URL('cases/', import.meta.url);
const reports: Readonly<Record<string, Report>> = JSON.parse(readFileSync(new URL('expect.json', folder), 'utf8'));
const RANK = ['hint', 'information', 'warning', 'error'];

function findings(file: string): readonly { readonly code: string; readonly severity: string; readonly message: string }[] {
  return workspaceFindingsIn(readFileSync(new URL(file, folder), 'utf8'), { profile: 'recommended' });
}

function warnings(file: string): readonly string[] {
  return findings(file)
    .filter(({ severity }) => RANK.indexOf(severity) >= RANK.indexOf('warning'))
    .map(({ code, message }) => `${code}: ${message}`);
}

describe.each(Object.entries(reports))('%s', (name, { code = '', level = 'warning', silent }) => {
  test.runIf(silent !== true)('is reported', () => {
    const codes = code.split('|');
    const said = (file: string): readonly string[] =>
      findings(file).flatMap((one) =>
        codes.includes(one.code) && RANK.indexOf(one.severity) >= RANK.indexOf(level) ? [`${one.severity} ${one.code}`] : [],
      );
    expect(said(`${name}.before.yaml`).length).toBeGreaterThan(said(`${name}.after.yaml`).length);
  });

  test('is left in peace when it is right', () => expect(warnings(`${name}.${silent === true ? 'before' : 'after'}.yaml`)).toEqual([]));
});

/*
 * The form of the manifests does not matter: every third report also as JSON in a List, and every third in files of their own that a
 * kustomization lists in another order.
 */

const FORMS: readonly ((documents: readonly unknown[]) => string)[] = [
  (documents) => `# file: all.json\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }, undefined, 2)}\n`,
  (documents) => {
    const files = documents.map((document, i) => [`part-${i}.json`, JSON.stringify(document, undefined, 2)] as const).toReversed();
    const kustomization = `# file: kustomization.yaml\nresources:\n${files.map(([name]) => `- ${name}\n`).join('')}`;
    return kustomization + files.map(([name, text]) => `# file: ${name}\n${text}\n`).join('');
  },
];

const told = Object.entries(reports).filter(([, { silent }]) => silent !== true);

test.each(told.flatMap(([name, report], i) => (FORMS[i % 3] === undefined ? [] : [[name, report, FORMS[i % 3]] as const])))(
  '%s is reported in another form of the same manifests',
  (name, { code = '', level = 'warning' }, form) => {
    const found = (which: string): number => {
      const documents = parseAllDocuments(readFileSync(new URL(`${name}.${which}.yaml`, folder), 'utf8'), { version: '1.1' });
      const source = form?.(documents.map((document): unknown => document.toJS())) ?? '';
      const all = workspaceFindingsIn(source, { profile: 'recommended' });
      return all.filter((one) => code.split('|').includes(one.code) && RANK.indexOf(one.severity) >= RANK.indexOf(level)).length;
    };
    expect(found('before')).toBeGreaterThan(found('after'));
  },
);

test('every case has a story, and every story a case', () => {
  const cases = readdirSync(folder).flatMap((file) => (file.endsWith('.before.yaml') ? [file.slice(0, -'.before.yaml'.length)] : []));
  expect(cases.toSorted()).toEqual(Object.keys(reports).toSorted());
});
