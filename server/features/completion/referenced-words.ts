import { plain } from '../../base/english.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { stringOf } from '../../syntax/tree.ts';
import type { FeatureContext } from '../context.ts';
import type { KnownWord } from './from-workspace.ts';
import { surroundings } from './surroundings.ts';

/** The names of the objects that a field of a Cilium policy can refer to: Services, CIDR groups. None for other fields. */
export function referencedWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const field = slot.path.at(-1);
  if (slot.role !== 'value' || (field !== 'serviceName' && field !== 'cidrGroupRef')) return [];
  const cluster = surroundings(slot, context)?.cluster;
  if (!cluster) return [];
  if (field === 'cidrGroupRef')
    return cluster.sets
      .filter(({ value }) => value.kind === 'CiliumCIDRGroup')
      .map(({ value }) => ({ word: value.name, detail: value.words, documentation: '' }));
  const namespace = stringOf(nodeAt(slot.manifest.root, [...slot.path.slice(0, -1), 'namespace']));
  return cluster.services
    .filter(({ value }) => namespace === undefined || value.namespace === namespace)
    .map(({ value }) => ({ word: value.name, detail: `Service in namespace ${plain(value.namespace)}`, documentation: '' }));
}
