import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../server/host/node.ts';
import { scratchDisk } from '../lsp/scratch-disk.ts';

const disk = scratchDisk();

/** What belongs to a folder, at or below a place: names relative to the scratch folder, and a word for what does not belong. */
async function listed(folder: string, place: string = folder): Promise<readonly string[]> {
  const top = disk.uri('');
  const found: string[] = [];
  for await (const entry of nodeHost.list(disk.uri(folder), [disk.uri(place)]))
    found.push(decodeURIComponent(entry.uri.slice(top.length + (top.endsWith('/') ? 0 : 1))) + ('why' in entry ? `: ${entry.why}` : ''));
  return found;
}

/** One entry of each kind, all of them named like manifests or like kustomizations. */
function allKinds(): void {
  for (const name of ['a.yaml', 'b.YML', 'c.json', 'Kustomization', 'kustomization.yml', 'text.txt', 'Kustomizations'])
    disk.write(`w/${name}`, 'x');
  for (const name of ['out/r.yaml', 'node_modules/m.yaml', '.git/g.yaml', 'dir.yaml/inner.yaml', 'sub/deep/d.yaml'])
    disk.write(`w/${name}`, 'x');
  disk.write('w/.gitignore', 'out/\n*.local.yaml\n!keep.local.yaml\n');
  for (const name of ['x.local.yaml', 'keep.local.yaml']) disk.write(`w/${name}`, 'x');
  disk.write('elsewhere/secret.yaml', 'x');
  disk.pipe('w/pipe.yaml');
  symlinkSync('/dev/zero', disk.path('w/zero.yaml'));
  symlinkSync(disk.path('elsewhere/secret.yaml'), disk.path('w/link.yaml'));
  symlinkSync(disk.path('elsewhere'), disk.path('w/linked'));
  symlinkSync('..', disk.path('w/loop'));
}

const ALL = [
  'w/Kustomization',
  'w/a.yaml',
  'w/b.YML',
  'w/c.json',
  'w/dir.yaml: special',
  'w/dir.yaml/inner.yaml',
  'w/keep.local.yaml',
  'w/kustomization.yml',
  'w/link.yaml: special',
  'w/pipe.yaml: special',
  'w/sub/deep/d.yaml',
  'w/x.local.yaml: ignored',
  'w/zero.yaml: special',
];

describe('what belongs to the workspace', () => {
  test('regular files that git does not ignore', async () => {
    allKinds();
    expect(await listed('w')).toEqual(ALL);
  });

  test('asked about one place after the other, the answer is the same', async () => {
    allKinds();
    const names = ['a.yaml', 'b.YML', 'c.json', 'Kustomization', 'kustomization.yml', 'text.txt', 'Kustomizations', 'out/r.yaml'];
    names.push('node_modules/m.yaml', '.git/g.yaml', 'dir.yaml', 'sub', 'x.local.yaml', 'keep.local.yaml', 'pipe.yaml', 'zero.yaml');
    names.push('link.yaml', 'linked/secret.yaml', 'loop/w/a.yaml', 'linked', 'loop', 'a.yaml/below.yaml');
    const found: string[] = [];
    for (const name of names) found.push(...(await listed('w', `w/${name}`)));
    expect(found.toSorted()).toEqual(ALL.toSorted());
  });

  test('what is not there, and what lies elsewhere', async () => {
    disk.write('w/a.yaml', 'x');
    disk.write('v/b.yaml', 'x');
    expect(await listed('w', 'w/gone.yaml')).toEqual(['w/gone.yaml: missing']);
    expect(await listed('w', 'w/gone/gone.yaml')).toEqual(['w/gone: missing']);
    expect(await listed('w', 'v/b.yaml')).toEqual([]);
    expect(await listed('none')).toEqual(['none: missing']);
  });

  test('a folder that somebody named may lie behind a link, or be ignored', async () => {
    disk.write('real/a.yaml', 'x');
    symlinkSync(disk.path('real'), disk.path('w'));
    expect(await listed('w')).toEqual(['w/a.yaml']);
    mkdirSync(disk.path('repo/.git'), { recursive: true });
    disk.write('repo/.gitignore', 'out/\n');
    disk.write('repo/out/r.yaml', 'x');
    expect(await listed('repo')).toEqual([]);
    expect(await listed('repo/out')).toEqual(['repo/out/r.yaml']);
  });

  test('the ignore files above the folder count, up to the root of the repository, and its exclude file', async () => {
    disk.write('.gitignore', 'a.yaml\n');
    mkdirSync(disk.path('repo/.git/info'), { recursive: true });
    disk.write('repo/.git/info/exclude', 'b.yaml\n');
    disk.write('repo/.gitignore', '/apps/c.yaml\n');
    disk.write('repo/apps/.gitignore', '!b.yaml\n');
    for (const name of ['a', 'b', 'c', 'd']) disk.write(`repo/apps/in/${name}.yaml`, 'x');
    disk.write('repo/apps/c.yaml', 'x');
    expect(await listed('repo/apps')).toEqual([
      'repo/apps/c.yaml: ignored',
      ...['a', 'b', 'c', 'd'].map((name) => `repo/apps/in/${name}.yaml`),
    ]);
  });

  test.each([
    ['a pipe', () => disk.pipe('w/.gitignore')],
    ['a device', () => symlinkSync('/dev/zero', disk.path('w/.gitignore'))],
    ['a link', () => symlinkSync(disk.path('w/rules'), disk.path('w/.gitignore'))],
    ['a folder', () => mkdirSync(disk.path('w/.gitignore'))],
  ])('an ignore file that is %s says nothing, and that is reported', async (_name, make) => {
    disk.write('w/a.yaml', 'x');
    disk.write('w/rules', 'a.yaml\n');
    make();
    expect(await listed('w')).toEqual(['w/a.yaml', 'w/.gitignore: unreadable']);
  });

  test('a pattern of an ignore file that would cost too much is not applied', async () => {
    disk.write('w/.gitignore', `${'*a'.repeat(20)}x.yaml\nb.yaml\n`);
    disk.write(`w/${'a'.repeat(80)}.yaml`, 'x');
    disk.write('w/b.yaml', 'x');
    expect(await listed('w')).toEqual([`w/${'a'.repeat(80)}.yaml`, 'w/b.yaml: ignored', 'w/.gitignore: unreadable']);
  });
});

describe('reading', () => {
  test.each([
    ['a pipe', 'named pipe', () => disk.pipe('x.yaml')],
    ['a link to a device', 'symbolic link', () => symlinkSync('/dev/zero', disk.path('x.yaml'))],
    ['a link to a file', 'symbolic link', () => (disk.write('y.yaml', 'x'), symlinkSync('y.yaml', disk.path('x.yaml')))],
    ['a folder', 'folder', () => mkdirSync(disk.path('x.yaml'))],
    ['nothing', 'does not exist', () => undefined],
  ])('%s is refused in words', async (_name, words, make) => {
    make();
    expect(await nodeHost.read(disk.uri('x.yaml'))).toMatchObject({ problem: expect.stringContaining(words) });
  });

  test('a device that is no link is refused, whatever it would give', async () => {
    expect(await nodeHost.read('file:///dev/zero')).toMatchObject({ problem: "'/dev/zero' is a device, and only regular files are read." });
  });

  test('no address is too odd to be answered', async () => {
    for (const uri of ['file:///%', 'vscode-vfs://github/o/r', 'x', '', 'file:///a%00b.yaml', 'file://server/share/a.yaml'])
      expect(await nodeHost.read(uri)).toHaveProperty('problem');
  });
});
