import { hasAddress } from '../../base/addresses.ts';
import { parseIp } from '../../base/ip.ts';
import { type EndpointExample } from '../../eval/endpoint-coverage.ts';
import { networkAddresses } from '../../model/endpoint-set.ts';
import type { Case } from '../../eval/subsume.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { NamespaceScope, Peer, Rule } from '../../model/policy.ts';
import { selects, type Labels } from '../../model/selector.ts';

/** The rule of a list that a connection meets first; `undefined` where none matches, or where it is not sure. */
export function firstMatching(rules: readonly Rule[], connection: Case): Rule | undefined {
  return rules.find((rule) => matchesCase(rule, connection));
}

/** Does a rule match a connection, for sure? */
export function matchesCase({ peers, ports }: Rule, connection: Case): boolean {
  const { protocol, port, names } = connection;
  const onPort =
    ports === 'any' ||
    ports.some((one) => {
      if (one.kind === 'range') return one.protocol === protocol && one.from <= port && port <= one.to;
      return one.kind === 'named' && names.includes(one.name) && (one.protocol ?? protocol) === protocol;
    });
  return onPort && (peers === 'any' || peers.some((peer) => isEnd(peer, connection)));
}

function isEnd(peer: Peer, { pod, address, node }: EndpointExample): boolean {
  switch (peer.kind) {
    case 'pods':
      return pod !== undefined && isIn(peer.namespaces, pod.namespace) && selects(peer.pods, pod.labels);
    case 'networks': {
      const ip = address === undefined ? undefined : parseIp(address);
      return ip?.ok === true && peer.networks.some((network) => hasAddress(networkAddresses(network), ip));
    }
    case 'nodes':
      return node !== undefined && selects(peer.nodes, node);
    case 'domainNames':
    case 'unreadable':
      return false;
  }
}

function isIn(scope: NamespaceScope, namespace: Labels): boolean {
  return scope.kind === 'own' ? namespace[NAME_LABEL] === scope.namespace : selects(scope.selector, namespace);
}
