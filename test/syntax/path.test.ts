import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexByPath, isBelow, type Path } from '../../server/syntax/path.ts';

const PATH: fc.Arbitrary<Path> = fc.array(fc.constantFrom('spec', 'a', 'b', '0', 0, 1, 2), { maxLength: 4 });

test('an index by path answers what going through the whole list does', () => {
  fc.assert(
    fc.property(fc.array(PATH, { maxLength: 12 }), PATH, (paths, asked) => {
      const list = paths.map((path, id) => ({ path, id }));
      const index = indexByPath(list);
      expect(index.below(asked)).toEqual(list.filter(({ path }) => isBelow(path, asked)));
      expect(index.isAround(asked)).toBe(list.some(({ path }) => isBelow(asked, path)));
    }),
    { numRuns: 5000 },
  );
});
