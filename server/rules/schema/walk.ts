import type { Path } from '../../syntax/path.ts';
import { content, pairsOf, type Node } from '../../syntax/tree.ts';
import type { ManifestContext } from '../rule.ts';
import { fieldOf, itemOf, schemaOf, type SchemaPlace } from './schemas.ts';

/** A value that the schema knows, and where it stands. */
export interface KnownValue {
  readonly node: Node;
  readonly path: Path;
  readonly place: SchemaPlace;
  /** The key in front of it; `undefined` for list items. */
  readonly key: Node | undefined;
}

const DEEPEST = 60;

const memo = new WeakMap<Node, readonly KnownValue[]>();

/** Every value of a manifest that its schema knows, outer ones first. Aliases are followed. Walked once for all rules. */
export function knownValues({ manifest: { root }, kind }: ManifestContext): readonly KnownValue[] {
  const place = kind && schemaOf(kind);
  if (!root || !place) return [];
  const known = memo.get(root);
  if (known) return known;
  const all = [...below({ node: root, path: [], place, key: undefined }, { left: 20_000 })];
  memo.set(root, all);
  return all;
}

function* below(value: KnownValue, budget: { left: number }): Generator<KnownValue> {
  if (value.path.length > DEEPEST || budget.left-- <= 0) return;
  yield value;
  const at = content(value.node);
  if (at?.kind === 'map') {
    for (const pair of pairsOf(at)) {
      const place = pair.name === undefined ? undefined : fieldOf(value.place, pair.name);
      if (place && pair.name !== undefined)
        yield* below({ node: pair.value, path: [...value.path, pair.name], place, key: pair.key }, budget);
    }
  }
  const item = itemOf(value.place);
  if (at?.kind !== 'seq' || !item) return;
  for (const [i, { value: node }] of at.items.entries())
    yield* below({ node, path: [...value.path, i], place: item, key: undefined }, budget);
}
