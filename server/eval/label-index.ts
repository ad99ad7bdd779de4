import { holds, type LabelSelector, type Labels, type Requirement } from '../model/selector.ts';
import type { NamedValues } from './vocabulary.ts';
import { bitsOf, both, unionOf, none, without, type Bits } from './bits.ts';

/** Which of numbered things carry a label key, and which value of it. */
export type LabelIndex = ReadonlyMap<string, KeyIndex>;

interface KeyIndex {
  /** Those that have the label, whatever its value. */
  readonly present: Bits;
  readonly values: ReadonlyMap<string, Bits>;
  /** Those whose value is unknown; absent if there are none. */
  readonly unknown?: Bits;
}

/** Labels of an object, the keys of its labels whose value is unknown, and the numbers of the object. */
export interface Labelled {
  readonly labels: Labels;
  readonly unknown?: readonly string[];
  readonly numbers: readonly number[];
}

interface DraftIndex {
  readonly present: number[];
  readonly values: Map<string, number[]>;
  readonly unknown: number[];
}

/** Indexes things by their labels; only keys that the vocabulary has. */
export function labelIndex(things: readonly Labelled[], vocabulary: NamedValues): LabelIndex {
  const found = new Map<string, DraftIndex>();
  const entryOf = (key: string): DraftIndex => {
    const entry = found.get(key) ?? { present: [], values: new Map<string, number[]>(), unknown: [] };
    found.set(key, entry);
    return entry;
  };
  for (const { labels, unknown = [], numbers } of things) {
    for (const [key, value] of Object.entries(labels)) {
      const named = vocabulary.get(key);
      if (!named) continue;
      const entry = entryOf(key);
      entry.present.push(...numbers);
      if (!named.has(value)) continue;
      const list = entry.values.get(value);
      if (list) list.push(...numbers);
      else entry.values.set(value, [...numbers]);
    }
    for (const key of unknown) {
      if (!vocabulary.has(key) || Object.hasOwn(labels, key)) continue;
      const entry = entryOf(key);
      entry.present.push(...numbers);
      entry.unknown.push(...numbers);
    }
  }
  return new Map([...found].map(([key, entry]) => [key, indexOf(entry)]));
}

function indexOf({ present, values, unknown }: DraftIndex): KeyIndex {
  return {
    present: bitsOf(present),
    values: new Map([...values].map(([value, list]) => [value, bitsOf(list)])),
    ...(unknown.length === 0 ? {} : { unknown: bitsOf(unknown) }),
  };
}

/** Those within a set that a selector matches for sure, or those that it may match. */
export function matching(index: LabelIndex, selector: LabelSelector, within: Bits, how: 'sure' | 'maybe'): Bits {
  return selector.requirements.reduce((left, requirement) => keep(index, requirement, left, how), within);
}

function keep(index: LabelIndex, requirement: Requirement, within: Bits, how: 'sure' | 'maybe'): Bits {
  const key = index.get(requirement.key);
  const unknown = key?.unknown ?? none;
  switch (requirement.operator) {
    case 'In': {
      const found = named(key, requirement.values, within);
      return how === 'maybe' && key?.unknown ? unionOf(found, both(within, unknown)) : found;
    }
    case 'NotIn': {
      const left = without(within, named(key, requirement.values, within));
      return how === 'sure' && key?.unknown ? without(left, unknown) : left;
    }
    case 'Exists':
      return key ? both(within, key.present) : none;
    case 'DoesNotExist':
      return key ? without(within, key.present) : within;
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains': {
      // Where one is asked for, the vocabulary tells all values apart.
      const values = [...(key?.values.keys() ?? [])].filter((value) => holds(requirement, { [requirement.key]: value }));
      const found = named(key, values, within);
      return how === 'maybe' && key?.unknown ? unionOf(found, both(within, unknown)) : found;
    }
  }
}

function named(key: KeyIndex | undefined, values: readonly string[], within: Bits): Bits {
  return unionOf(...values.map((value) => both(within, key?.values.get(value) ?? none)));
}
