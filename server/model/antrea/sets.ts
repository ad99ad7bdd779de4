import { asMap, type Node } from '../../syntax/tree.ts';
import { describeSelector } from '../describe-selector.ts';
import { NO_ENDPOINT } from '../endpoint-set.ts';
import type { EndpointSet } from '../endpoints.ts';
import { given, integerIn, mapAt, readLabels, readMetadata, sortOf, textAt, type Reading } from '../read.ts';
import type { ReferencedSet, Tier } from '../referenced.ts';
import {
  networkSetOf,
  blockAt,
  eitherOf,
  externalEntities,
  groupMembers,
  itemsAt,
  nodesOf,
  podSetOf,
  selectedPods,
  servicePods,
  textsAt,
  unreadable,
  type Described,
} from './endpoints.ts';

const FIELDS = [
  'podSelector',
  'namespaceSelector',
  'nodeSelector',
  'externalEntitySelector',
  'ipBlocks',
  'serviceReference',
  'childGroups',
];

/** Reads a ClusterGroup or Group. */
export function readGroup(root: Node | undefined, kind: 'ClusterGroup' | 'Group'): ReferencedSet {
  const reading: Reading = [];
  const metadata = readMetadata(root, reading);
  const home = kind === 'Group' ? metadata.namespace : undefined;
  const spec = mapAt(given(root, 'spec'), ['spec'], FIELDS, reading);
  const { set, words, pods } = membersOf(spec, home, reading);
  return {
    api: 'antrea',
    kind,
    name: metadata.name,
    ...(home === undefined ? {} : { namespace: home }),
    labels: readLabels(given(given(root, 'metadata'), 'labels'), ['metadata', 'labels'], []),
    members: set,
    ...(pods === undefined ? {} : { pods }),
    words,
    unreadable: reading,
  };
}

interface Members extends Described {
  /** Those that a policy can be applied to, where these are others. */
  readonly pods?: EndpointSet;
}

/** At most one of these stands in a group that the webhook accepts. */
function membersOf(spec: Node | undefined, home: string | undefined, reading: Reading): Members {
  const has = (field: string): Node | undefined => given(spec, field);
  const path = ['spec'];
  const children = has('childGroups');
  if (children) {
    const names = textsAt(children, ['spec', 'childGroups'], reading);
    const all = eitherOf(names.map((name) => groupMembers(name, home, 'all', 'empty')));
    return { ...all, pods: eitherOf(names.map((name) => groupMembers(name, home, 'pods', 'empty'))).set };
  }
  if (has('ipBlocks')) {
    const blocks = itemsAt(spec, 'ipBlocks', path, reading).flatMap((item) => blockAt(item.node, item.path, reading) ?? []);
    return { ...networkSetOf(blocks), pods: NO_ENDPOINT };
  }
  const service = has('serviceReference');
  if (service) return referencedService(service, home, reading);
  const nodes = has('nodeSelector');
  if (nodes) {
    const selector = nodesOf(nodes, ['spec', 'nodeSelector']);
    return { set: { kind: 'labels', of: 'node', selector }, words: describeSelector(selector, 'node'), pods: NO_ENDPOINT };
  }
  const external = has('externalEntitySelector');
  if (external) return externalEntities(external, ['spec', 'externalEntitySelector']);
  if (has('podSelector') ?? has('namespaceSelector')) return podSetOf(selectedPods(spec, path, home));
  return { set: NO_ENDPOINT, words: 'nothing' };
}

function referencedService(node: Node, home: string | undefined, reading: Reading): Members {
  const path = ['spec', 'serviceReference'];
  const service = mapAt(node, path, ['name', 'namespace'], reading);
  const name = textAt(service, 'name', path, reading);
  const namespace = textAt(service, 'namespace', path, reading) ?? home;
  if (name === undefined || namespace === undefined) return unreadable(path, reading, 'must name a Service and its namespace');
  return servicePods(name, namespace, 'empty');
}

/** Reads a Tier. */
export function readAntreaTier(root: Node | undefined): Tier {
  const reading: Reading = [];
  const { name } = readMetadata(root, reading);
  const spec = given(root, 'spec');
  const priority = given(spec, 'priority');
  const order = integerIn(priority);
  // Without a spec, Go leaves the priority at 0.
  const isMissing = priority === undefined && asMap(spec) === undefined;
  if (order === undefined && !isMissing)
    reading.push({
      path: ['spec', 'priority'],
      why: priority === undefined ? 'is missing' : `should be an integer from 0 to 255, not ${sortOf(priority)}`,
    });
  return {
    api: 'antrea',
    kind: 'Tier',
    name,
    ...(order === undefined ? (isMissing ? { order: 0 } : {}) : { order }),
    orderPath: ['spec', 'priority'],
    unreadable: reading,
  };
}
