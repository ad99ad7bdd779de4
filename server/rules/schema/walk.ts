import { memo } from '../../base/memo.ts';
import type { Path } from '../../syntax/path.ts';
import { content, pairsOf, type Node } from '../../syntax/tree.ts';
import type { ManifestView } from '../../analysis/context.ts';
import { fieldOf, itemOf, schemaOf, type SchemaPlace } from './schemas.ts';

/** A value that the schema knows, and where it stands. */
export interface KnownValue {
  readonly node: Node;
  readonly path: Path;
  readonly place: SchemaPlace;
  /** The key in front of it; `undefined` for items. */
  readonly key: Node | undefined;
}

const MAX_DEPTH = 60;
/** Through aliases there may be many more values than are written. */
const MAX_VALUES = 20_000;

/** Every value of a manifest that its schema knows, outer ones first. Aliases are followed. Walked once for all rules; they are many, so they go
 * as soon as the rules have run. */
export const knownValues: (context: ManifestView) => readonly KnownValue[] = memo(({ kind, manifest }) => {
  const { root } = manifest;
  const place = kind && schemaOf(kind);
  const all: KnownValue[] = [];
  if (root && place) collect({ node: root, path: [], place, key: undefined }, all);
  return all;
});

function collect(value: KnownValue, all: KnownValue[]): void {
  if (value.path.length > MAX_DEPTH || all.length >= MAX_VALUES) return;
  all.push(value);
  const at = content(value.node);
  if (at?.kind === 'map') {
    for (const pair of pairsOf(at)) {
      const place = pair.name === undefined ? undefined : fieldOf(value.place, pair.name);
      if (place && pair.name !== undefined) collect({ node: pair.value, path: [...value.path, pair.name], place, key: pair.key }, all);
    }
  }
  const item = itemOf(value.place);
  if (at?.kind !== 'seq' || !item) return;
  for (const [i, { value: node }] of at.items.entries()) collect({ node, path: [...value.path, i], place: item, key: undefined }, all);
}
