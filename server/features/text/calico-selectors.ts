import { memo } from '../../base/memo.ts';
import { parseSelector, type ParsedSelector } from '../../model/calico/selector/parse.ts';
import { selectorNodes, type SelectorPlace } from '../../model/calico/selector/places.ts';
import type { Place } from '../../syntax/locate.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import { samePath } from '../../syntax/path.ts';
import { scalarOffsets } from '../../syntax/scalar-offsets.ts';
import { readPolicyIn, type ReadPolicy } from './policies.ts';

/** A selector expression in the text of a Calico policy. */
export interface WrittenSelector extends SelectorPlace {
  readonly parsed: ParsedSelector;
  /** Where each character of it stands, as `scalarOffsets` has it; `undefined` where that is uncertain. */
  readonly offsets: readonly number[] | undefined;
}

/** The selector expressions of a manifest; none in other manifests than Calico policies. */
export const writtenSelectors: (manifest: Manifest) => readonly WrittenSelector[] = memo((manifest) => {
  if (readPolicyIn(manifest)?.policy.api !== 'calico') return [];
  return selectorNodes(manifest.root).map((place) => ({
    ...place,
    parsed: parseSelector(place.node.text),
    offsets: scalarOffsets(place.node, manifest.piece.text),
  }));
});

/** The selector expression at a place, and the policy it stands in; `undefined` elsewhere. */
export function selectorAt({ placed: { manifest }, path, on }: Place): (WrittenSelector & ReadPolicy) | undefined {
  const read = on === 'value' ? readPolicyIn(manifest) : undefined;
  const found = read && writtenSelectors(manifest).find((one) => samePath(one.path, path));
  return found && read && { ...found, ...read };
}
