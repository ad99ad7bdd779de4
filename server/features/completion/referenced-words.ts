import { plain } from '../../base/english.ts';
import { identify } from '../../model/identify.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { get, stringOf } from '../../syntax/tree.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import type { KnownWord } from './from-workspace.ts';

/** The names of the objects that a field of a vendor's policy or group can refer to: Services, CIDR groups, groups. None for other fields. */
export function referencedWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const identity = identify(slot.manifest);
  const kind = identity.ours ? identity.kind : undefined;
  if (slot.role !== 'value' || kind === undefined || kind.api === 'kubernetes') return [];
  const { path, manifest } = slot;
  const field = path.at(-1);
  const owner = typeof path.at(-2) === 'number' ? path.at(-3) : path.at(-2);
  const cluster = clusterFor(context.snapshot, context.uri);
  const metadata = get(manifest.root, 'metadata');
  const home = kind.scope === 'Namespaced' ? (stringOf(get(metadata, 'namespace')) ?? 'default') : undefined;
  if (field === 'cidrGroupRef') return setWords(cluster, 'CiliumCIDRGroup', undefined, undefined);
  if (kind.api === 'antrea' && (field === 'group' || path.at(-2) === 'childGroups'))
    return setWords(cluster, home === undefined ? 'ClusterGroup' : 'Group', home, stringOf(get(metadata, 'name')));
  const isService = field === 'serviceName' || (field === 'name' && typeof owner === 'string' && SERVICE_FIELDS.includes(owner));
  if (!isService) return [];
  const namespace = stringOf(nodeAt(manifest.root, [...path.slice(0, -1), 'namespace'])) ?? (field === 'name' ? home : undefined);
  return cluster.services
    .filter(({ value }) => namespace === undefined || value.namespace === namespace)
    .map(({ value }) => ({ word: value.name, detail: `Service in namespace ${plain(value.namespace)}`, documentation: '' }));
}

/** Maps in which `name` is the name of a Service. */
const SERVICE_FIELDS: readonly string[] = ['services', 'toServices', 'serviceReference', 'service'];

/** The sets of a kind, but not the one that is being written. */
function setWords({ sets }: Cluster, kind: string, namespace: string | undefined, own: string | undefined): readonly KnownWord[] {
  return sets
    .filter(({ value }) => value.kind === kind && value.name !== own && (namespace === undefined || value.namespace === namespace))
    .map(({ value }) => ({ word: value.name, detail: value.words, documentation: '' }));
}
