import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher } from '../../server/workspace/glob.ts';
import { emptyMap, mapEntries, lookUp, updated, type MapChange } from '../../server/workspace/persistent-map.ts';
import {
  isInside,
  isMember,
  fileNameOf,
  normalizeUri,
  parentOf,
  pathBelow,
  resolveFrom,
  stepsBetween,
} from '../../server/workspace/uri.ts';

test.each([
  ['file:///C:/a b/c.yaml', 'file:///c%3A/a%20b/c.yaml'],
  ['FILE:///c%3a/a%20b/c.yaml', 'file:///c%3A/a%20b/c.yaml'],
  ['file:///home/%C3%BC/(x).yaml', 'file:///home/%C3%BC/%28x%29.yaml'],
  ['file:///home/ü/(x).yaml', 'file:///home/%C3%BC/%28x%29.yaml'],
  ['file:///100%/a%zz.yaml', 'file:///100%25/a%25zz.yaml'],
  ['vscode-vfs://GitHub/owner/repo/a.yaml', 'vscode-vfs://github/owner/repo/a.yaml'],
  ['untitled:Untitled-1', 'untitled:Untitled-1'],
  ['git:/a/b.yaml?{"ref":"~"}', 'git:/a/b.yaml?{"ref":"~"}'],
  ['not an address', 'not an address'],
])('%j is written %j', (uri, normal) => {
  expect(normalizeUri(uri)).toBe(normal);
  expect(normalizeUri(normal)).toBe(normal);
});

test('normalising twice is normalising once, for any text', () => {
  fc.assert(
    fc.property(fc.string(), (path) => {
      const once = normalizeUri(`file:///${path}`);
      expect(normalizeUri(once)).toBe(once);
    }),
  );
});

test('addresses in folders', () => {
  expect(parentOf('file:///a/b/c.yaml')).toBe('file:///a/b');
  expect(parentOf('file:///c.yaml')).toBe('file://');
  expect(parentOf('untitled:Untitled-1')).toBe('untitled:');
  expect(fileNameOf('file:///a/b%20c.yaml')).toBe('b c.yaml');
  expect(isInside('file:///a/b/c.yaml', 'file:///a/b')).toBe(true);
  expect(isInside('file:///a/bc.yaml', 'file:///a/b')).toBe(false);
  expect(pathBelow('file:///a/b/c%20d.yaml', 'file:///a')).toBe('b/c d.yaml');
  expect(resolveFrom('file:///a/b', '../c/./d e.yaml')).toBe('file:///a/c/d%20e.yaml');
  expect(resolveFrom('file:///a', '../../b')).toBeUndefined();
  expect(resolveFrom('file:///a', 'https://example.com/x')).toBeUndefined();
  expect(resolveFrom('vscode-vfs://github/o/r', '../x')).toBe('vscode-vfs://github/o/x');
  expect([stepsBetween('file:///a/b/x', 'file:///a/b/y'), stepsBetween('file:///a/b/x', 'file:///a/c/d/y')]).toEqual([0, 3]);
});

test('the other side of a diff is no member', () => {
  expect(['file:///a', 'untitled:a', 'vscode-vfs://github/a', 'gitlab:/a'].every(isMember)).toBe(true);
  expect(['git:/a', 'gitlens://x/a', 'gitlens-git:/a', 'review:/a'].some(isMember)).toBe(false);
});

test.each([
  ['**', 'a/b.yaml', true],
  ['shop/**', 'shop/a/b.yaml', true],
  ['shop/**', 'shops/a.yaml', false],
  ['shop/', 'shop/a.yaml', true],
  ['*.yaml', 'deep/in/a.yaml', true],
  ['./a/*.yaml', 'a/b.yaml', true],
  ['a/*.yaml', 'a/b/c.yaml', false],
  ['a/**/c.yaml', 'a/c.yaml', true],
  ['{dev,prod}/**', 'prod/x.yaml', true],
  ['{dev,prod}/**', 'test/x.yaml', false],
  ['a?[b-d].yaml', 'axc.yaml', true],
  ['[!a].yaml', 'a.yaml', false],
  ['a(b)+.yaml', 'a(b)+.yaml', true],
  ['[z-a].yaml', 'z.yaml', true],
  ['{a', '{a', true],
  ['a.@(yaml|yml)', 'a.yml', true],
  ['+(a|b).yaml', 'abba.yaml', true],
  ['*(a).yaml', 'b.yaml', false],
])('glob %s and %s: %s', (glob, path, matches) => {
  expect(globMatcher(glob)(path)).toBe(matches);
});

test('no glob takes long, whatever stands in it', () => {
  // A matcher that goes back and tries again would not be done before the sun goes out.
  for (const glob of [
    '*a'.repeat(40),
    '**/a'.repeat(40),
    '{a,aa}'.repeat(10),
    '+(a|aa)+(a|aa)+(a|aa)',
    '?'.repeat(500),
    '*(*(a))'.repeat(20),
  ])
    for (const path of ['a'.repeat(2000), 'a/'.repeat(1000)]) globMatcher(`${glob}x.yaml`)(path);
});

test('no text fails as a glob', () => {
  fc.assert(
    fc.property(fc.string(), (glob) => {
      expect(() => globMatcher(glob)).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});

test('a persistent map is a map, and the old one stays', () => {
  const change = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.option(fc.nat(), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(fc.array(change)), (batches: readonly (readonly MapChange<number>[])[]) => {
      let map = emptyMap<number>();
      const model = new Map<string, number>();
      for (const batch of batches) {
        const before = [map, [...mapEntries(map)].length] as const;
        map = updated(map, batch);
        for (const [key, value] of batch) {
          if (value === undefined) model.delete(key);
          else model.set(key, value);
        }
        expect(new Map(mapEntries(map))).toEqual(model);
        expect(map.size).toBe(model.size);
        expect([...mapEntries(before[0])].length).toBe(before[1]);
        for (const key of 'abcde') expect(lookUp(map, key)).toBe(model.get(key));
      }
    }),
  );
});
