import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixed } from '../../server/cli/fix.ts';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { fixture } from '../fixture.ts';
import { casesOf } from '../rules/cases.ts';
import { findingsIn } from '../rules/findings.ts';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';
import { scratch } from './scratch.ts';

const { folder, write, netpol } = scratch();

/** A text after `--fix` with every rule on. */
function repaired(text: string): string {
  return textOf(fixed(sourceFile(text), { uri: 'file:///fixture.yaml', settings: { ...DEFAULTS, profile: 'audit' }, partial: false }).file);
}

const syntaxErrorsIn = (text: string): number => findingsIn(text).filter(({ code }) => code.startsWith('yaml-')).length;

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const sources: readonly (readonly [string, string])[] = [...manifestRules, ...workspaceRules].flatMap((rule) =>
  casesOf(rule).bad.map(({ yaml }) => [rule.name, yaml] as const),
);
const texts: readonly (readonly [string, string])[] = [
  ...sources.flatMap(([name, yaml]) => fixture(yaml).files.map(({ text }) => [name, text] as const)),
  ...readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(EXAMPLES, name), 'utf8')] as const),
].filter(([, text]) => text.length < 100_000);

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

describe('what --fix makes of every example', () => {
  test.each(texts)('%s: a second run changes nothing, no YAML breaks, and line breaks stay what they are', (_, text) => {
    const once = repaired(text);
    expect(repaired(once)).toBe(once);
    expect(syntaxErrorsIn(once)).toBeLessThanOrEqual(syntaxErrorsIn(text));
    expect(repaired(crlf(text))).toBe(crlf(once));
  });

  test('something is repaired', () => {
    expect(texts.filter(([, text]) => repaired(text) !== text).length).toBeGreaterThan(30);
  });

  test.each(sources)('%s: no quick fix, safe or not, mixes line breaks', (_, yaml) => {
    const put = workspaceFindingsIn(crlf(yaml)).flatMap(({ fixes }) => fixes.flatMap(({ edits }) => edits.map(({ text }) => text)));
    expect(put.filter((text) => /(?<!\r)\n/.test(text))).toEqual([]);
  });
});

const BAD =
  'apiVersion: networking.k8s.io/v1\r\nkind: NetworkPolicy\r\nmetadata: {name: web, namespace: shop} # für\r\nspec:\r\n  podselector: {}\r\n';
const GOOD = BAD.replace('podselector', 'podSelector');
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('check --fix', () => {
  test.each([
    ['UTF-8', Buffer.from(BAD), Buffer.from(GOOD)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${BAD}`), Buffer.from(`\uFEFF${GOOD}`)],
    ['UTF-16, little end first', utf16(BAD), utf16(GOOD)],
    ['UTF-16, big end first', utf16(BAD).swap16(), utf16(GOOD).swap16()],
  ])('keeps the encoding: %s', async (_, bad, good) => {
    write('web.yaml', bad);
    expect(await netpol('check --fix')).toMatchObject({ status: 0, err: '' });
    expect(readFileSync(join(folder(), 'web.yaml')).equals(good)).toBe(true);
  });

  test('a file with nothing to repair keeps every byte', async () => {
    const bytes = Buffer.from([...Buffer.from('\uFEFF# '), 0xff, ...Buffer.from('\r\na:   1\r\r\n\t\n\n')]);
    write('other.yaml', bytes);
    await netpol('check --fix');
    expect(readFileSync(join(folder(), 'other.yaml')).equals(bytes)).toBe(true);
  });

  test('a file that cannot be written back whole is left alone, which is said', async () => {
    const bytes = Buffer.concat([Buffer.from('# '), Buffer.from([0xff]), Buffer.from(`\n${BAD}`)]);
    write('web.yaml', bytes);
    expect(await netpol('check --fix')).toMatchObject({ status: 1, err: expect.stringContaining('netpol: web.yaml is not valid UTF-8') });
    expect(readFileSync(join(folder(), 'web.yaml')).equals(bytes)).toBe(true);
  });

  test('standard input is refused before anything is written', async () => {
    write('web.yaml', BAD);
    expect(await netpol('check --fix web.yaml -', '', BAD)).toMatchObject({ status: 2, err: expect.stringContaining('standard input') });
    expect(readFileSync(join(folder(), 'web.yaml'), 'utf8')).toBe(BAD);
  });

  test('what is left is reported', async () => {
    write('web.yaml', `${BAD}  policyTypes: [Sideways]\r\n`);
    const { status, out } = await netpol('check --fix');
    expect(status).toBe(1);
    expect(out).toContain("'Sideways'");
    expect(out).not.toContain('podselector');
  });

  test('what was changed is listed', async () => {
    write('web.yaml', BAD);
    expect((await netpol('check --fix')).out).toMatch(/^fixed web\.yaml:5: Change to 'podSelector' \[unknown-field\]\n/);
    write('web.yaml', BAD);
    const { out, err } = await netpol('check --fix --format json');
    expect(err).toBe("netpol: fixed web.yaml:5: Change to 'podSelector' [unknown-field]\n");
    expect(() => JSON.parse(out)).not.toThrow();
  });

  test('--dry-run shows a diff and writes nothing', async () => {
    write('web.yaml', BAD);
    write('good.yaml', GOOD);
    const { out, err } = await netpol('check --fix --dry-run');
    expect(out).toBe(
      [
        '--- a/web.yaml',
        '+++ b/web.yaml',
        '@@ -1,5 +1,5 @@',
        ' apiVersion: networking.k8s.io/v1\r',
        ' kind: NetworkPolicy\r',
        ' metadata: {name: web, namespace: shop} # für\r',
        ' spec:\r',
        '-  podselector: {}\r',
        '+  podSelector: {}\r',
        '',
      ].join('\n'),
    );
    expect(err).toContain('would fix web.yaml:5');
    expect(readFileSync(join(folder(), 'web.yaml'), 'utf8')).toBe(BAD);
    expect(await netpol('check --dry-run')).toMatchObject({ status: 2 });
  });

  test('what has two meanings is left to its author', async () => {
    const text = GOOD.replace(/\r/g, '').replace(
      'podSelector: {}',
      'podSelector: {matchExpressions: [{key: app, operator: Exists, values: [web]}]}\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]',
    );
    write('web.yaml', text);
    const { out } = await netpol('check --fix');
    expect(out).toContain('[selector-values]');
    expect(out).toContain('[cidr-host-bits]');
    expect(readFileSync(join(folder(), 'web.yaml'), 'utf8')).toBe(text);
  });
});
