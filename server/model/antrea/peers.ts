import { list, plain } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import { describeSelector } from '../describe-selector.ts';
import { NO_ENDPOINT } from '../endpoint-set.ts';
import type { EndpointSet } from '../endpoints.ts';
import type { Direction, Peer } from '../policy.ts';
import { given, mapAt, readEach, textAt, textIn, type ListItem, type Reading } from '../read.ts';
import { readSelector } from '../read-selector.ts';
import {
  accountPods,
  blockAt,
  externalEntities,
  fieldsIn,
  groupMembers,
  itemsAt,
  NOT_ON_HOST,
  nodesOf,
  selectedPods,
  textsAt,
  unreadable,
  type Described,
} from './endpoints.ts';

const FIELDS = [
  'podSelector',
  'namespaceSelector',
  'namespaces',
  'externalEntitySelector',
  'ipBlock',
  'group',
  'fqdn',
  'serviceAccount',
  'nodeSelector',
  'scope',
];

/** The peers of a rule: those of `from` or `to`, and the Services of `toServices`. None at all: every peer. Read in steps. */
export function* readPeers(
  rule: Node | undefined,
  path: Path,
  direction: Direction,
  home: string | undefined,
  reading: Reading,
): Work<readonly Peer[] | 'any'> {
  const field = direction === 'ingress' ? 'from' : 'to';
  const before = reading.length;
  const items = itemsAt(rule, field, path, reading);
  const incomplete: readonly Peer[] = reading.length > before ? [{ kind: 'unreadable', path: [...path, field] }] : [];
  const services = direction === 'egress' ? itemsAt(rule, 'toServices', path, reading).map((item) => readService(item, home, reading)) : [];
  const peers = [...(yield* readEach(items, (item) => readPeer(item, home, reading))), ...services, ...incomplete];
  return peers.length === 0 ? 'any' : peers;
}

/**
 * Of several fields the webhook lets stand together, the controller takes the first of these (`toAntreaPeerForCRD` in antrea
 * `crd_utils.go`): ipBlock, group, fqdn, serviceAccount, nodeSelector, then the selectors.
 */
function readPeer({ node, path }: ListItem, home: string | undefined, reading: Reading): Peer {
  const before = reading.length;
  const peer = mapAt(node, path, FIELDS, reading);
  if (!peer || reading.length > before) return { kind: 'unreadable', path };
  const block = given(peer, 'ipBlock');
  if (block) {
    const network = blockAt(block, [...path, 'ipBlock'], reading);
    return network ? { kind: 'networks', networks: [network], path } : { kind: 'unreadable', path };
  }
  const group = textIn(given(peer, 'group'));
  if (group !== undefined && group !== '') return asPeer(groupMembers(group, home, 'all'), path);
  const name = textIn(given(peer, 'fqdn'));
  if (name !== undefined && name !== '') return { kind: 'domainNames', domainNames: [name], path };
  const account = given(peer, 'serviceAccount');
  if (account) return asPeer(accountPods(account, [...path, 'serviceAccount'], reading), path);
  const nodes = given(peer, 'nodeSelector');
  if (nodes) return { kind: 'nodes', nodes: nodesOf(nodes, [...path, 'nodeSelector']), path };
  return readSelectors(peer, path, home, reading);
}

function readSelectors(peer: Node, path: Path, home: string | undefined, reading: Reading): Peer {
  const external = given(peer, 'externalEntitySelector');
  if (external) return asPeer(externalEntities(external, [...path, 'externalEntitySelector']), path);
  const related = given(peer, 'namespaces');
  const elsewhere = stringOf(given(peer, 'scope')) === 'ClusterSet';
  if (related) return asPeer(withOtherClusters(relatedPods(related, peer, path, reading), elsewhere), path);
  const hasSelector = fieldsIn(peer).some((field) => field !== 'scope');
  if (!hasSelector) return asPeer({ set: { kind: 'unknown', why: 'are not said: the peer has no fields' }, words: 'an empty peer' }, path);
  const pods = selectedPods(peer, path, home);
  if (!elsewhere) return { kind: 'pods', ...pods, path };
  const words = describeSelector(pods.pods);
  const set: EndpointSet = {
    kind: 'and',
    of: [
      pods.namespaces.kind === 'own'
        ? { kind: 'namespace', name: pods.namespaces.namespace }
        : { kind: 'labels', of: 'namespace', selector: pods.namespaces.selector },
      { kind: 'labels', of: 'pod', selector: pods.pods },
      NOT_ON_HOST,
    ],
  };
  return asPeer(withOtherClusters({ set, words }, true), path);
}

/** Pods of other clusters of the ClusterSet have addresses that look like any outside address. */
function withOtherClusters(pods: Described, elsewhere: boolean): Described {
  if (!elsewhere) return pods;
  const others: EndpointSet = {
    kind: 'and',
    of: [
      { kind: 'entity', entity: 'outside' },
      { kind: 'unknown', why: 'may be pods of other clusters of the ClusterSet' },
    ],
  };
  return { set: { kind: 'or', of: [pods.set, others] }, words: `${pods.words}, in any cluster of the ClusterSet` };
}

/** `namespaces`: the namespace of the pod that the rule applies to, or those with the same labels. */
function relatedPods(node: Node, peer: Node, path: Path, reading: Reading): Described {
  const at = [...path, 'namespaces'];
  const before = reading.length;
  const related = mapAt(node, at, ['match', 'sameLabels'], reading);
  const match = textIn(given(related, 'match'));
  const same = given(related, 'sameLabels');
  const labels = same ? textsAt(same, [...at, 'sameLabels'], reading) : undefined;
  if (reading.length > before) return unreadable(at, reading, 'cannot be read');
  if (match !== undefined && match !== 'Self') return unreadable([...at, 'match'], reading, `should be Self, not ${plain(match)}`);
  if (labels === undefined && match === undefined) return unreadable(at, reading, 'must name match or sameLabels');
  const pods = readSelector(given(peer, 'podSelector'), [...path, 'podSelector'], 'dropped');
  const set: EndpointSet = {
    kind: 'and',
    of: [
      labels === undefined ? { kind: 'like-own-namespace' } : labels.length === 0 ? NO_ENDPOINT : { kind: 'like-own-namespace', labels },
      { kind: 'labels', of: 'pod', selector: pods },
      NOT_ON_HOST,
    ],
  };
  const where = labels === undefined ? 'in the same namespace' : `in namespaces with the same ${list(labels.map(plain))}`;
  return { set, words: `${describeSelector(pods)} ${where}` };
}

/** What is sent to the cluster IP of a Service; the same pods reached directly are not matched (antrea docs, "toServices"). */
function readService({ node, path }: ListItem, home: string | undefined, reading: Reading): Peer {
  const before = reading.length;
  const service = mapAt(node, path, ['name', 'namespace', 'scope'], reading);
  const name = textAt(service, 'name', path, reading);
  const namespace = textAt(service, 'namespace', path, reading) ?? home;
  if (reading.length > before || name === undefined || namespace === undefined) return { kind: 'unreadable', path };
  return asPeer(serviceAddress(name, namespace), path);
}

/** The cluster IPs of a Service. */
function serviceAddress(name: string, namespace: string): Described {
  return {
    set: {
      kind: 'reference',
      to: { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name, namespace }, missing: 'unknown', part: 'service-addresses' },
    },
    words: `the cluster IP of Service ${plain(`${namespace}/${name}`)}`,
  };
}

function asPeer({ set, words }: Described, path: Path): Peer {
  return { kind: 'set', set, words, path };
}
