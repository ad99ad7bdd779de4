import { store } from '../../base/memo.ts';
import { finished, type Work } from '../../base/work.ts';
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

/** How many values are looked at before others may be served. */
const VALUES_PER_STEP = 250;

/** Every value of a manifest that its schema knows, outer ones first. Aliases are followed. Walked once for all rules; they are many, so they go
 * as soon as the rules have run. */
export function knownValues(context: ManifestView): readonly KnownValue[] {
  return finished(knownValuesWork(context));
}

/** The same in steps, so that the first rule that asks need not walk through a large manifest at once. */
export function* knownValuesWork(context: ManifestView): Work<readonly KnownValue[]> {
  const before = VALUES.get(context);
  if (before) return before;
  const { kind, manifest } = context;
  const { root } = manifest;
  const place = kind && schemaOf(kind);
  const all: KnownValue[] = [];
  if (root && place) yield* collect({ node: root, path: [], place, key: undefined }, all);
  return VALUES.set(context, all);
}

const VALUES = store<ManifestView, readonly KnownValue[]>();

function* collect(value: KnownValue, all: KnownValue[]): Work<void> {
  if (value.path.length > MAX_DEPTH || all.length >= MAX_VALUES) return;
  if (all.push(value) % VALUES_PER_STEP === 0) yield;
  const at = content(value.node);
  if (at?.kind === 'map') {
    for (const pair of pairsOf(at)) {
      const place = pair.name === undefined ? undefined : fieldOf(value.place, pair.name);
      if (place && pair.name !== undefined)
        yield* collect({ node: pair.value, path: [...value.path, pair.name], place, key: pair.key }, all);
    }
  }
  const item = itemOf(value.place);
  if (at?.kind !== 'seq' || !item) return;
  for (const [i, { value: node }] of at.items.entries())
    yield* collect({ node, path: [...value.path, i], place: item, key: undefined }, all);
}
