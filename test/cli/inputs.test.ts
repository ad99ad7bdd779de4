import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

/* What the command line reads is what the server reads: see test/host/list.test.ts for the kinds. */

const { folder, netpol, write } = scratch();
const at = (name: string): string => join(folder(), name);
const mkfifo = (name: string): void => void execFileSync('/usr/bin/env', ['mkfifo', at(name)]);
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: a}}\nspec: {containers: [{name: c, image: i}]}\n';

test.each([
  ['a pipe', 'named pipe', () => mkfifo('x.yaml')],
  ['a link to a device', 'symbolic link', () => symlinkSync('/dev/zero', at('x.yaml'))],
  ['a link that leads nowhere', 'does not exist', () => symlinkSync('gone.yaml', at('x.yaml'))],
])('%s that is named by itself is refused in one line, with status 2', async (_name, words, make) => {
  write('real.yaml', POD);
  make();
  for (const command of ['check x.yaml', 'connections x.yaml']) {
    const { status, out, err } = await netpol(command);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
});

test('a link to a file that is named by itself is followed, and is that file', async () => {
  write('real.yaml', POD);
  symlinkSync('real.yaml', at('x.yaml'));
  expect((await netpol('connections x.yaml')).status).toBe(0);
  expect((await netpol('check x.yaml real.yaml')).out).toBe('No problems found in 1 file.\n');
});

test('in a folder it is left out with a line, and the rest is read', async () => {
  write('w/a.yaml', POD);
  mkfifo('w/pipe.yaml');
  mkfifo('w/.gitignore');
  symlinkSync('/dev/zero', at('w/zero.yaml'));
  mkdirSync(at('w/d.yaml'));
  const { err } = await netpol('check w');
  for (const name of ['pipe.yaml', '.gitignore', 'zero.yaml', 'd.yaml']) expect(err).toContain(`/w/${name}' is a `);
  expect((await netpol('connections w')).out).toContain('default/a[Pod]');
});

test('what git ignores is counted, and read where it is named', async () => {
  write('w/.gitignore', 'a.yaml\n');
  write('w/a.yaml', POD);
  const whole = await netpol('connections w');
  expect(whole.err).toContain('1 file ignored by git');
  expect(whole.out).not.toContain('default/a');
  expect((await netpol('connections w/a.yaml')).out).toContain('default/a[Pod]');
});
