import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol, write, folder } = scratch();

const BAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:\n  podselector: {}\n';
const GOOD = BAD.replace('podselector', 'podSelector');

test('a path without files is a mistake, unless it is expected', async () => {
  write('empty/readme.txt', 'x');
  expect(await netpol('check empty')).toMatchObject({
    status: 2,
    err: 'netpol: no YAML or JSON file was found in empty. If that is expected, use --allow-empty.\n',
  });
  expect((await netpol('check empty --allow-empty')).status).toBe(0);
  expect((await netpol('connections empty')).status).toBe(2);
  expect((await netpol('connections empty --allow-empty')).status).toBe(0);
});

test('the nearest .netpol.json in or above the first path has the settings, and --config takes its place', async () => {
  write('.netpol.json', '{"rules": {"unknown-field": "off"}}');
  write('apps/web.yaml', BAD);
  expect((await netpol('check apps')).status).toBe(0);
  write('apps/.netpol.json', '{"netpol.rules": {"unknown-field": "warning"}}');
  expect((await netpol('check apps')).out).toContain('warning: Unknown field');
  write('other.json', '{}');
  expect((await netpol('check apps --config other.json')).status).toBe(1);
  write('apps/.netpol.json', '{');
  expect(await netpol('check apps')).toMatchObject({ status: 2, err: expect.stringContaining('is not JSON') });
});

test('a baseline is recorded once, and only new findings are reported', async () => {
  write('web.yaml', BAD);
  const first = await netpol('check --baseline known.json .');
  expect(first).toMatchObject({ status: 0, err: 'netpol: known.json is written, with 1 finding.\n' });
  const recorded = readFileSync(join(folder(), 'known.json'), 'utf8');
  // An edit in another place of the file moves the finding, and changes nothing about it.
  write('web.yaml', `${GOOD.replace('name: web', 'name: api')}---\n# A comment.\n${BAD}`);
  expect(await netpol('check --baseline known.json .')).toMatchObject({
    status: 0,
    err: 'netpol: 1 finding of known.json is not shown.\n',
  });
  // The same mistake once more is a new one.
  write('web.yaml', `${BAD.replace('name: web', 'name: api')}---\n${BAD}`);
  const again = await netpol('check --baseline known.json .');
  expect(again.status).toBe(1);
  expect(again.out).toContain('1 error in ');
  expect(readFileSync(join(folder(), 'known.json'), 'utf8')).toBe(recorded);
  write('web.yaml', GOOD);
  expect((await netpol('check --baseline known.json .')).err).toContain('1 entry of it does not occur any more');
  write('known.json', '{"findings": [{}]}');
  expect((await netpol('check --baseline known.json web.yaml')).status).toBe(2);
});

test('suppressions are listed, with their reasons', async () => {
  write('.netpol.json', '{"rules": {"generic-name": "off"}, "ignore": {"test/**": ["*"], "old/**": ["unknown-field"]}}');
  write(
    'web.yaml',
    `# netpol-ignore-file: missing-owner the team is in CODEOWNERS\n${GOOD}---\n${BAD.replace('spec', '# netpol-ignore: unknown-field\nspec')}`,
  );
  expect((await netpol('check --list-suppressions .')).out).toMatchInlineSnapshot(`
    "web.yaml:1: missing-owner in the whole file: the team is in CODEOWNERS
    web.yaml:11: unknown-field on one line
    test/**: all rules by a setting
    old/**: unknown-field by a setting
    **: generic-name by a setting
    "
  `);
  expect(JSON.parse((await netpol('check --list-suppressions --format json web.yaml')).out)).toMatchObject({
    suppressions: [
      { file: 'web.yaml', line: 1, scope: 'file', codes: ['missing-owner'], reason: 'the team is in CODEOWNERS' },
      {},
      {},
      {},
      {},
    ],
  });
});

test('JUnit has a case for each policy test and each finding', async () => {
  const pod = (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {containers: [{name: a, image: b}]}\n---\n`;
  write(
    'web.yaml',
    `${pod('a')}${pod('b')}# expect: shop/a -> shop/b TCP/80 allow\n# expect: shop/a -> shop/b TCP/81 deny\n${GOOD.replace('{}', '{}\n  ingress: [{}]')}`,
  );
  const { out, status } = await netpol('check --format junit web.yaml');
  expect(status).toBe(1);
  expect(out).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="netpol" tests="3" failures="1">
     <testsuite name="web.yaml" tests="3" failures="1">
      <testcase classname="web.yaml" name="shop/a -&#62; shop/b TCP/80 allow" file="web.yaml" line="11"/>
      <testcase classname="web.yaml" name="shop/a -&#62; shop/b TCP/81 deny" file="web.yaml" line="12">
       <failure type="expectation-failed" message="Expected denied, but it is allowed: shop/a[Pod] -&#62; shop/b[Pod] TCP/81. NetworkPolicy shop/web selects every pod in namespace shop, and its rule spec.ingress[0] allows connections from anywhere, inside the cluster and outside, on every port. Correct the policies or the expectation.">web.yaml:12: Expected denied, but it is allowed: shop/a[Pod] -&#62; shop/b[Pod] TCP/81. NetworkPolicy shop/web selects every pod in namespace shop, and its rule spec.ingress[0] allows connections from anywhere, inside the cluster and outside, on every port. Correct the policies or the expectation.</failure>
      </testcase>
      <testcase classname="web.yaml" name="allow-all-ingress" file="web.yaml" line="18">
       <system-out>information: This empty rule allows all sources to connect to every pod in namespace shop on every port, and no other NetworkPolicy can deny it. Add &#39;from&#39; or &#39;ports&#39; to narrow it.</system-out>
      </testcase>
     </testsuite>
    </testsuites>
    "
  `);
});
