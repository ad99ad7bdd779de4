import { expect, test } from 'vitest';
import { build } from '../../server/workspace/kustomize/build.ts';
import { inMemory } from './build-files.ts';

/** A file of n ConfigMaps. */
function configMaps(prefix: string, n: number): string {
  return Array.from({ length: n }, (_, i) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${prefix}${i}}\n`).join('---\n');
}

// Kustomizations that each list two others double their objects at each level: thirty small files make a thousand million objects.
test('a build stops at a number of objects, and says what it leaves out', () => {
  const files = inMemory({
    'kustomization.yaml': 'resources: [a.yaml, b.yaml, c.yaml]\n',
    'a.yaml': configMaps('a', 5_000),
    'b.yaml': configMaps('b', 5_001),
    'c.yaml': configMaps('c', 1),
  });
  const { objects, problems } = build('file:///top', files);
  expect(objects.length).toBe(5_001);
  expect(problems.map(({ severity, message, place }) => [severity, message, place.path])).toEqual([
    ['unknown', 'This build has more than 10,000 objects. These are not read, so they are unknown.', ['resources', 1]],
  ]);
});
