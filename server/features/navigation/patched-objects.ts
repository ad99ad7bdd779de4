import { nodeAt } from '../../syntax/locate-path.ts';
import type { Place } from '../../syntax/locate.ts';
import { samePath } from '../../syntax/path.ts';
import { stringOf } from '../../syntax/tree.ts';
import { builtTouching, isPatch } from '../../workspace/snapshot.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Occurrence } from './occurrence.ts';

const NAME = ['metadata', 'name'];

/** The names of the objects that a strategic merge patch changes, asked at its own name; none for what is no patch of a kustomization. */
export function patchedObjects({ snapshot, universe }: ClusterView, uri: string, { on, path, node, placed }: Place): readonly Occurrence[] {
  const name = on === 'value' && samePath(path, NAME) ? stringOf(node) : undefined;
  if (name === undefined || !isPatch(snapshot, uri)) return [];
  const kind = stringOf(nodeAt(placed.manifest.root, ['kind']));
  return builtTouching(snapshot, universe.id, uri).flatMap(({ member: { key }, built }): readonly Occurrence[] => {
    // A patch names its object as it was before prefixes and suffixes, or as it is.
    const isNamed = built && [built.id, ...built.previous].some((id) => id.kind === kind && id.name === name);
    return isNamed ? [{ kind: 'namespace', key, path: NAME, on: 'value', text: name }] : [];
  });
}
