import { hasAddress } from '../../base/addresses.ts';
import { list } from '../../base/english.ts';
import { parseIp } from '../../base/ip.ts';
import { networkAddresses, type EndCase } from '../../eval/ends.ts';
import type { Case } from '../../eval/subsume.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Direction, NamespaceScope, Peer, Policy, Rule } from '../../model/policy.ts';
import { selects, type Labels } from '../../model/selector.ts';
import type { Placed } from '../../workspace/cluster.ts';

/** A rule of a policy of the cluster. */
export interface PlacedRule {
  readonly policy: Placed<Policy>;
  readonly rule: Rule;
}

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

function isEnd(peer: Peer, { pod, address, node }: EndCase): boolean {
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

/** One end of a connection in words: "a pod with app=web in namespace shop", "192.0.2.1". */
export function endWords({ pod, address, node }: EndCase): string {
  if (pod) {
    const { [NAME_LABEL]: name, ...others } = pod.namespace;
    const labels = Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`);
    const what = labels.length === 0 ? 'a pod' : `a pod with ${list(labels)}`;
    const rest = Object.entries(others).map(([key, value]) => `${key}=${value}`);
    const where = rest.length > 0 ? ` in a namespace with ${list(rest)}` : name === undefined ? '' : ` in namespace ${name}`;
    return `${what}${where}${address === undefined ? '' : ` at ${address}`}`;
  }
  return address ?? (node ? 'a node' : 'anywhere');
}

/** A connection of a pod that policies are about, in words, source first. */
export function connectionWords(direction: Direction, own: EndCase, connection: Case): string {
  const [from, to] = direction === 'ingress' ? [connection, own] : [own, connection];
  const { protocol, port, names } = connection;
  const [name] = names;
  return `${endWords(from)} to ${endWords(to)} on ${protocol} ${port}${name === undefined ? '' : ` (named ${name})`}`;
}

/** A rule as messages name it: "'deny-all' of guard", "ingress rule 2 of guard". */
export function ruleName({ policy, rule }: PlacedRule): string {
  const index = rule.path.at(-1);
  const number = typeof index === 'number' ? `${String(rule.path.at(-2))} rule ${index + 1}` : 'a rule';
  return `${rule.name === undefined ? number : `'${rule.name}'`} of ${policy.value.name}`;
}
