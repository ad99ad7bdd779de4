import type { LabelSelector, Labels, Requirement } from '../model/selector.ts';
import { bitsOf, both, either, none, without, type Bits } from './bits.ts';

/** Which of numbered things carry a label key, and which value of it. */
export type LabelIndex = ReadonlyMap<string, KeyIndex>;

interface KeyIndex {
  readonly present: Bits;
  readonly values: ReadonlyMap<string, Bits>;
}

/** Indexes things, numbered as listed, by their labels; only keys that the vocabulary has. */
export function labelIndex(things: readonly Labels[], vocabulary: ReadonlyMap<string, ReadonlySet<string>>): LabelIndex {
  const found = new Map<string, { present: number[]; values: Map<string, number[]> }>();
  things.forEach((labels, at) => {
    for (const [key, value] of Object.entries(labels)) {
      const named = vocabulary.get(key);
      if (!named) continue;
      const entry = found.get(key) ?? { present: [], values: new Map<string, number[]>() };
      found.set(key, entry);
      entry.present.push(at);
      if (!named.has(value)) continue;
      const list = entry.values.get(value);
      if (list) list.push(at);
      else entry.values.set(value, [at]);
    }
  });
  const bits = ([value, list]: [string, number[]]): [string, Bits] => [value, bitsOf(list)];
  const index = ([key, entry]: [string, { present: number[]; values: Map<string, number[]> }]): [string, KeyIndex] => [
    key,
    { present: bitsOf(entry.present), values: new Map([...entry.values].map(bits)) },
  ];
  return new Map([...found].map(index));
}

/** Those within a set that a selector matches. */
export function matching(index: LabelIndex, selector: LabelSelector, within: Bits): Bits {
  return selector.requirements.reduce((left, requirement) => keep(index, requirement, left), within);
}

function keep(index: LabelIndex, requirement: Requirement, within: Bits): Bits {
  const key = index.get(requirement.key);
  switch (requirement.operator) {
    case 'In':
      return named(key, requirement.values, within);
    case 'NotIn':
      return without(within, named(key, requirement.values, within));
    case 'Exists':
      return key ? both(within, key.present) : none;
    case 'DoesNotExist':
      return key ? without(within, key.present) : within;
  }
}

function named(key: KeyIndex | undefined, values: readonly string[], within: Bits): Bits {
  return either(...values.map((value) => both(within, key?.values.get(value) ?? none)));
}
