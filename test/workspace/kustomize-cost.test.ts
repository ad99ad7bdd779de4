import { countsOf, total } from '../counting.ts'; // First: see there.
import { describe, expect, test } from 'vitest';
import { build } from '../../server/workspace/kustomize/build.ts';
import { inMemory } from './build-files.ts';

const POLICY = (name: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec: {podSelector: {}}\n`;

/** The build of a kustomization that lists n files, ready to start. */
function make(n: number): () => void {
  const names = Array.from({ length: n }, (_, i) => `p${i}.yaml`);
  const files = inMemory({
    'kustomization.yaml': `resources:\n${names.map((name) => `- ${name}\n`).join('')}`,
    ...Object.fromEntries(names.map((name, i) => [name, POLICY(`p${i}`)])),
  });
  return () => build('file:///top', files);
}

describe('what a build costs', () => {
  test('it grows with the listed files, and no faster', () => {
    make(5)(); // What is made once for all.
    const [one, two] = [countsOf(make(150)), countsOf(make(300))];
    expect(total(two) / total(one)).toBeLessThan(2.4);
  });
});
