import type { Cases } from './cases.ts';

/** Cases that are too large to stand in a file. */
export const computedCases: ReadonlyMap<string, Omit<Cases, 'page'>> = new Map([
  [
    'manifest-too-large',
    {
      bad: [
        {
          yaml: `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n  podSelector: {}\n#${'x'.repeat(1_000_000)}\n`,
          shown: 'A NetworkPolicy of more than 1,000,000 characters.',
        },
      ],
      good: [],
    },
  ],
  [
    'too-many-findings',
    {
      bad: [
        {
          yaml: `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n  podSelector: {}\n${Array.from({ length: 1010 }, (_, i) => `  field${i}: x\n`).join('')}`,
          shown: 'A NetworkPolicy with 1,010 unknown fields.',
        },
      ],
      good: [],
    },
  ],
]);
