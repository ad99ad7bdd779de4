import { memoBy } from '../../base/memo.ts';
import type { Direction, Peer, Policy, PortMatch, Rule } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { isReadable, picksAll } from '../policy-parts.ts';

/** Two neighbouring rules of which one has only peers and the other only ports: together they look like one rule. */
export interface SplitPair {
  readonly first: Rule;
  readonly second: Rule;
  /** The one that allows its peers on every port. */
  readonly peers: Rule;
  /** The one that allows its ports for any peer. */
  readonly ports: Rule;
  /** Nothing speaks for two rules: no wide peer, no other rules in the list. */
  readonly likely: boolean;
}

/**
 * The neighbouring rules of a NetworkPolicy that were probably meant as one (cloudnativelabs/kube-router#389,
 * openshift/openshift-docs#46647). Rules for DNS are none of them: a block of addresses, then port 53 to any destination, is right.
 */
export function splitPairs(policy: Policy, direction: Direction): readonly SplitPair[] {
  if (!policy.traits.isolates) return [];
  return pairsIn(policy, direction);
}

const pairsIn = memoBy(find);

/**
 * Is a rule half of such a pair, and another one what the pair was probably meant to be: peers on some ports? Then the half allows it as
 * well, but only until the pair is merged.
 */
export function isSplitOf(policy: Policy, direction: Direction, half: Rule, { peers, ports }: Rule): boolean {
  if (peers === 'any' || ports === 'any') return false;
  return splitPairs(policy, direction).some((pair) => pair.peers === half || pair.ports === half);
}

function find(policy: Policy, direction: Direction): readonly SplitPair[] {
  const rules = policy[direction]?.rules ?? [];
  const found: SplitPair[] = [];
  for (const [i, second] of rules.entries()) {
    const first = rules[i - 1];
    if (!first || found.at(-1)?.second === first || first.index + 1 !== second.index) continue;
    const [peers, ports] = isPeersOnly(first) ? [first, second] : [second, first];
    if (!isPeersOnly(peers) || !isPortsOnly(ports) || ![first, second].every(({ path }) => isReadable(policy, path))) continue;
    const rest = rules.filter((rule) => rule !== first && rule !== second && !isForDns(rule));
    const isUsual = direction === 'egress' && portNumbers(ports).every((port) => OUTSIDE_PORTS.includes(port));
    if (isUsual || isSubject(policy, peers)) continue;
    found.push({
      first,
      second,
      peers,
      ports,
      likely: rest.length === 0 && !isOwnNamespace(peers) && !isSensible(peers, ports, direction),
    });
  }
  return found;
}

/** Peers that limit something, and every port. */
function isPeersOnly({ peers, ports }: Rule): boolean {
  return ports === 'any' && peers !== 'any' && peers.length > 0 && !peers.some(isEverything);
}

/** Ports, for any peer; and not those of DNS. */
function isPortsOnly(rule: Rule): boolean {
  return rule.peers === 'any' && rule.ports !== 'any' && rule.ports.length > 0 && !isForDns(rule);
}

/** Every pod of the cluster or every address of a family: next to it, ports for any peer are for the other half of the world. */
function isEverything(peer: Peer): boolean {
  if (peer.kind === 'pods') return peer.namespaces.kind === 'selected' && picksAll(peer.namespaces.selector) && picksAll(peer.pods);
  return peer.kind === 'networks' ? peer.networks.some(({ cidr }) => /\/0$/.test(cidr)) : peer.kind === 'unreadable';
}

/** The members of a cluster among themselves, and one port for its clients: two sensible rules (apache/couchdb-helm). */
function isSubject({ subject }: Policy, { peers }: Rule): boolean {
  const words = ({ requirements }: LabelSelector): string =>
    requirements
      .map(({ key, operator, values }) => `${key} ${operator} ${values.join()}`)
      .toSorted()
      .join('\n');
  return (
    peers !== 'any' &&
    subject.pods.requirements.length > 0 &&
    peers.every((peer) => peer.kind === 'pods' && peer.namespaces.kind === 'own' && words(peer.pods) === words(subject.pods))
  );
}

/**
 * Is each of the rules sensible alone? Namespaces of monitoring, ingress and other infrastructure may connect on every port; ports of
 * probes, metrics and webhooks are open to callers that no selector matches.
 */
function isSensible({ peers }: Rule, { ports }: Rule, direction: Direction): boolean {
  if (direction === 'egress') return false;
  const isInfrastructure =
    peers !== 'any' &&
    peers.every((peer) => peer.kind === 'pods' && peer.namespaces.kind === 'selected' && hasWord(peer.namespaces.selector));
  if (ports === 'any') return false;
  // Every port for every source leaves nothing for the other rule to allow.
  const areChosen = ports.every((port) => port.kind !== 'range' || port.at.length > 0);
  return (isInfrastructure && areChosen) || ports.every(isForCallersWithoutLabels);
}

function hasWord({ requirements }: LabelSelector): boolean {
  return requirements.some(({ key, values }) => [key, ...values].some((text) => INFRASTRUCTURE.test(text)));
}

const INFRASTRUCTURE =
  /(?:^|[-/._])(?:monitoring|metrics|prometheus|observability|logging|ingress|ingress-nginx|gateway|istio-system|istio|linkerd|kube-system|traefik|network-policy-group|policy-group)(?:$|[-/._])/;

/** By name, or by number: probes and metrics of common servers, and the webhooks of controller-runtime and cert-manager. */
function isForCallersWithoutLabels(port: PortMatch): boolean {
  if (port.kind === 'named') return /metric|health|probe|prom|live|ready|webhook/i.test(port.name);
  return port.kind === 'range' && port.from === port.to && [8081, 9443, 10_250, 10_254, 15_020, 15_021, 15_090].includes(port.from);
}

/** "All pods of this namespace, and one port for all sources" is a sensible pair of rules. */
function isOwnNamespace({ peers }: Rule): boolean {
  return peers !== 'any' && peers.some((peer) => peer.kind === 'pods' && peer.namespaces.kind === 'own' && picksAll(peer.pods));
}

/** 5353 is where the DNS pods of OpenShift listen. */
function isForDns({ ports }: Rule): boolean {
  return (
    ports !== 'any' &&
    ports.length > 0 &&
    ports.every((port) =>
      port.kind === 'range' ? port.from === port.to && [53, 5353].includes(port.from) : port.kind === 'named' && /^dns/.test(port.name),
    )
  );
}

/** Egress to any destination is usual on these: HTTP, NTP, HTTPS, the API server. */
const OUTSIDE_PORTS: readonly number[] = [80, 123, 443, 6443];

function portNumbers({ ports }: Rule): readonly number[] {
  return ports === 'any' ? [] : ports.map((port) => (port.kind === 'range' && port.from === port.to ? port.from : -1));
}
