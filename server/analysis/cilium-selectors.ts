import { textIn } from '../model/read.ts';
import type { Path } from '../syntax/path.ts';
import type { ManifestView } from './context.ts';
import { entriesOf, isAboutNodes, partsOf } from './cilium-parts.ts';

/** A key that a selector of pods asks for, as it is written, and the place of the condition. */
export interface SelectorKey {
  readonly key: string;
  readonly path: Path;
}

/**
 * The keys that the selectors of pods of a Cilium policy ask for, as they are written. Keys that name an identity or a service account are
 * not among them: they are read as what they mean.
 */
export function podSelectorKeys({ policy, at }: Pick<ManifestView, 'policy' | 'at'>): readonly SelectorKey[] {
  if (!policy) return [];
  return partsOf(policy).flatMap((part) => {
    const peers = entriesOf(part).flatMap(({ rule }) => (rule.peers === 'any' ? [] : rule.peers));
    const own = isAboutNodes(part) ? [] : [part.subject];
    const selectors = [...own, ...peers.flatMap((peer) => (peer.kind === 'pods' ? [peer] : []))].flatMap(({ namespaces, pods }) => [
      pods,
      ...(namespaces.kind === 'selected' ? [namespaces.selector] : []),
    ]);
    return selectors.flatMap(({ requirements }) => requirements.map(({ path }) => ({ key: writtenKey(path, at), path })));
  });
}

/** In matchLabels the key stands at the end of the path, in an expression in a field. */
function writtenKey(path: Path, at: ManifestView['at']): string {
  const last = path.at(-1);
  return typeof last === 'string' ? last : (textIn(at([...path, 'key'])) ?? '');
}
