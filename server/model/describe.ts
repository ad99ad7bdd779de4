import { PROTOCOLS, type Protocol } from '../base/ports.ts';
import { list, plain } from '../base/english.ts';
import { describeNetwork, describePods, describeSelector } from './describe-selector.ts';
import { entryOf } from './kinds.ts';
import type { Direction, Peer, Policy, PortMatch, Rule } from './policy.ts';

/** The pods a policy is about, in plain text: "every pod in namespace shop", "pods with app=web in namespaces with team=ops". */
export function describeSubject({ subject }: Pick<Policy, 'subject'>): string {
  return subject.words ?? describePods(subject.namespaces, subject.pods);
}

/** A peer in plain text: "pods with app=web in namespace shop", "addresses in 10.0.0.0/8 except 10.1.0.0/16". */
export function describePeer(peer: Peer): string {
  switch (peer.kind) {
    case 'pods':
      return describePods(peer.namespaces, peer.pods);
    case 'networks':
      return peer.networks.length === 0 ? 'no address (no network can be read)' : list(peer.networks.map(describeNetwork), 'or', 4);
    case 'nodes':
      return describeSelector(peer.nodes, 'node');
    case 'domainNames':
      return `the hosts behind ${list(peer.domainNames.map(plain), 'or', 4)}`;
    case 'set':
      return peer.words;
    case 'unreadable':
      return 'a peer that cannot be read';
  }
}

/** Peers stand side by side: any one of them will do (OR). */
export function describePeers(peers: Rule['peers']): string {
  if (peers === 'any') return 'anywhere, inside the cluster and outside';
  if (peers.length === 0) return 'nowhere (no peer can be read)';
  return peers.length > MAX_LISTED_PEERS + 1
    ? alternatives([...peers.slice(0, MAX_LISTED_PEERS).map(describePeer), `${peers.length - MAX_LISTED_PEERS} other peers`])
    : alternatives(peers.map(describePeer));
}

const MAX_LISTED_PEERS = 5;

/** Phrases that hold commas and "and" themselves need a clear joint. */
function alternatives(phrases: readonly string[]): string {
  return phrases.join(', or ');
}

/** Ports in plain text: "TCP port 80", "TCP ports 80, 443 and 8000–8080", "the port named http", "every port". */
export function describePorts(ports: Rule['ports']): string {
  if (ports === 'any') return 'every port';
  const others = ports.flatMap((port) => (port.kind === 'packets' || port.kind === 'service' ? [port.words] : []));
  const parts = [...PROTOCOLS.flatMap((protocol) => describeNumbers(ports, protocol)), ...describeNamed(ports), ...others];
  if (ports.some((port) => port.kind === 'unreadable')) parts.push('a port that cannot be read');
  return parts.length === 0 ? 'no port' : list(parts, 'or');
}

function describeNumbers(ports: readonly PortMatch[], protocol: Protocol): readonly string[] {
  const numbers = ports.flatMap((port) => (port.kind === 'range' && port.protocol === protocol ? [port] : []));
  if (numbers.length === 0) return [];
  if (numbers.some(({ from, to }) => from <= 1 && to === 65_535)) return [`every ${protocol} port`];
  const words = numbers.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  const single = numbers.length === 1 && numbers[0]?.from === numbers[0]?.to;
  return [`${protocol} ${single ? 'port' : 'ports'} ${list(words, 'and', 6)}`];
}

/** A port name means whatever port of that name the destination's containers declare. */
function describeNamed(ports: readonly PortMatch[]): readonly string[] {
  return ports.flatMap((port) =>
    port.kind === 'named' ? [`the ${port.protocol === undefined ? '' : `${port.protocol} `}port named ${plain(port.name)}`] : [],
  );
}

/** A rule as one sentence, without the pods it applies to: "Allows connections from … on TCP port 80." */
export function describeRule(rule: Rule, direction: Direction, policy: Pick<Policy, 'api' | 'kind'>): string {
  const [from, verb] = [direction === 'ingress' ? 'from' : 'to', verbOf(rule, policy)];
  // An entry without peers matches nothing; of other APIs, these are peers that cannot be read.
  if (policy.api === 'cilium' && rule.peers !== 'any' && rule.peers.length === 0) return `${verb} no connections: the entry has no peers.`;
  const peers =
    rule.peers === 'any' && rule.ports === 'any'
      ? `${from} anywhere, inside the cluster and outside, on every port`
      : `${from} ${describePeers(rule.peers)}, on ${describePorts(rule.ports)}`;
  const end = rule.action === 'Pass' ? ', to the next stage' : rule.condition === undefined ? '' : `, if ${rule.condition}`;
  return `${verb} connections ${peers}${end}.`;
}

/** The action of a rule in the words of its API: `Accept` of a ClusterNetworkPolicy, `Allow` of a Calico policy, `Reject` of an Antrea one. */
export function actionWord({ action, written }: Pick<Rule, 'action' | 'written'>, policy: Pick<Policy, 'api' | 'kind'>): string {
  return written ?? entryOf(policy).actions.get(action) ?? action;
}

function verbOf(rule: Rule, policy: Pick<Policy, 'api' | 'kind'>): string {
  const word = actionWord(rule, policy);
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}${word.endsWith('s') ? 'es' : 's'}`;
}
