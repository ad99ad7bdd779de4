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

test('many clusters are listed one a line, above the sentence that says what to do', async () => {
  for (let i = 0; i < 12; i++) {
    write(`w/c${i}/kustomization.yaml`, 'resources: [a.yaml]\n');
    write(`w/c${i}/a.yaml`, POD);
  }
  const { status, out, err } = await netpol('connections w');
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err.trim().split('\n')).toHaveLength(13);
  expect(err).toMatch(/^ {2}w\/c11$/m);
  expect(err).toContain('the paths hold 12 clusters, listed above. Choose one with --cluster');
});

test('a list without connections says of what it is', async () => {
  write('w/a.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
  const { status, out, err } = await netpol('connections w');
  expect({ status, out }).toEqual({ status: 0, out: '' });
  expect(err).toContain('the paths have no workloads and no policies, and there is no connection to list.');
});

test('explain says which other ports a name means', async () => {
  const containers =
    '[{name: c, image: i, ports: [{name: http, containerPort: 82}]}, {name: d, image: i, ports: [{name: http, containerPort: 83}]}]';
  write('w/a.yaml', `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: ${containers}}\n`);
  const { out } = await netpol('explain --from 10.0.0.1 --to default/a --port http w');
  expect(out).toContain("Port name 'http' also means TCP 83 in other containers of this pod. This answer is for 82.");
});

test('what a kustomization names as data is not checked as manifests', async () => {
  const source = `
# file: app/kustomization.yaml
resources: [pod.yaml]
configMapGenerator:
- name: docs
  files: [readme.md]
# file: app/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: c, image: i}]}
# file: app/readme.md
- a: [b
  * kind: NetworkPolicy
`;
  const { out, status } = await netpol('check app', source);
  expect([out, status]).toEqual(['No problems found in 2 files.\n', 0]);
});
