import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv, type ValidateFunction } from 'ajv';
import type { Log, Region, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { scratch, type Ended } from './scratch.ts';

// The schema of the OASIS standard comes from a package, at test time. It is of draft-04, of which it uses only what later drafts share.
const { $schema: _, id: __, ...schema } = sarifSchema;
const valid: ValidateFunction = new Ajv({
  strict: false,
  unicodeRegExp: false, // the pattern of a language tag has a bracket too many
  allErrors: true,
  formats: {
    uri: (text: string) => URL.canParse(text),
    // RFC 3986: what may stand in a reference at all, whole percent triplets, and no colon in the first segment of a relative one.
    'uri-reference': /^(?:[a-z][a-z0-9+.-]*:|(?![^/?#]*:))(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/i,
    'date-time': true,
  },
}).compile(schema);

const { folder, write, netpol } = scratch();
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** A report that keeps to the schema, and to what only the text of the standard says. */
function sarif({ out, err }: Ended, source?: (uri: string) => string): readonly Result[] {
  expect(err).toBe('');
  const log: Log = JSON.parse(out);
  valid(log);
  expect(valid.errors ?? []).toEqual([]);
  const results = log.runs[0]?.results ?? [];
  const rules = log.runs[0]?.tool.driver.rules ?? [];
  // "SARIF support for code scanning": GitHub refuses a rule without these.
  for (const { shortDescription, help } of rules) expect([shortDescription?.text, help?.text].map(Boolean)).toEqual([true, true]);
  for (const result of results) expect(rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
  if (source) for (const [uri, region] of results.flatMap(regionsOf)) expect(isIn(region, source(uri)), JSON.stringify(region)).toBe(true);
  return results;
}

function regionsOf({ locations = [], relatedLocations = [], fixes = [] }: Result): readonly (readonly [string, Region])[] {
  const shown = [...locations, ...relatedLocations].map(({ physicalLocation }) => ({
    at: physicalLocation?.artifactLocation,
    region: physicalLocation?.region,
  }));
  const changed = fixes.flatMap(({ artifactChanges }) =>
    artifactChanges.flatMap(({ artifactLocation: at, replacements }) => replacements.map(({ deletedRegion: region }) => ({ at, region }))),
  );
  return [...shown, ...changed].flatMap(({ at, region }) => (at?.uri !== undefined && region ? [[at.uri, region] as const] : []));
}

/**
 * SARIF 2.1.0, 3.30.2: a region may be empty, an insertion point. It does not end before it starts and stands in the text without its
 * BOM; one that holds the last line break ends in front of the line that would follow.
 */
function isIn({ startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 }: Region, text: string): boolean {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const columnsOf = (line: number): number => (lines[line - 1] ?? '').length + 1;
  const startsOn = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const isOrdered = startLine < endLine || (startLine === endLine && startColumn <= endColumn);
  const starts = startLine >= 1 && startLine <= startsOn && startColumn >= 1 && startColumn <= columnsOf(startLine);
  return isOrdered && starts && endLine <= lines.length && endColumn <= columnsOf(endLine);
}

const BAD = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podselector: {}
`;

describe('SARIF', () => {
  test('everything that the examples raise', async () => {
    write('settings.json', '{"profile": "audit"}');
    const ended = await netpol(['check', '--format', 'sarif', '--config', 'settings.json', EXAMPLES]);
    const results = sarif(ended, (uri) => readFileSync(new URL(uri, `file://${folder()}/`), 'utf8'));
    expect(results.length).toBeGreaterThan(200);
    expect(results.some(({ relatedLocations = [] }) => relatedLocations.length > 0)).toBe(true);
    expect(results.some(({ fixes = [] }) => fixes.length > 0)).toBe(true);
  });

  test('nothing at all', async () => {
    write('fine.yaml', 'a: 1\n');
    expect(sarif(await netpol('check --format sarif'))).toEqual([]);
  });

  test.each([
    'with blank.yaml',
    'a#b.yaml',
    'who?.yaml',
    '100%.yaml',
    '%41.yaml',
    'a:b.yaml',
    'über/наш [1].yaml',
    'back\\slash.yaml',
    "it's&+,;=@.yaml",
  ])('a file named %s', async (name) => {
    write(name, BAD);
    const [result] = sarif(await netpol(['check', '--format', 'sarif', name]));
    const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
    // Read against any base, it names the file again.
    expect(fileURLToPath(new URL(uri, `file://${folder()}/`))).toBe(join(folder(), name));
  });

  test.each(
    Object.entries({
      CRLF: BAD.replaceAll('\n', '\r\n'),
      'a lone CR': BAD.replaceAll('\n', '\r'),
      'a BOM': `\uFEFF${BAD}`,
      'a BOM before the finding': `\uFEFF${BAD.replace('networking.k8s.io/v1', 'networking.k8s.io/v2')}`,
      'no line break at the end': BAD.trimEnd(),
      'a key that ends the file': `${BAD.replace('podselector: {}', 'podSelector: {}')}  ingres:`,
      'a dash that ends the file': `${BAD.replace('podselector: {}', 'podSelector: {}')}  ingress:\n  - `,
      'an open quote at the end': `${BAD}  "`,
      'an open bracket at the end': `${BAD}  ingress: [\n`,
      'wide characters and tabs': BAD.replace('podselector: {}', 'policyTypes: ["🦊\t", Ingres]'),
      'empty documents': `---\n---\n${BAD}---\n`,
    }),
  )('regions stand in a text with %s', async (_, text) => {
    write('web.yaml', text);
    expect(sarif(await netpol('check --format sarif'), () => text).length).toBeGreaterThan(0);
  });

  test('standard input', async () => {
    const [result] = sarif(await netpol('check --format sarif -', '', BAD), () => BAD);
    expect(result?.ruleId).toBe('unknown-field');
  });
});
