import { memo2 } from '../../base/memo.ts';
import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import { type Protocol, hasTraffic } from '../../base/ports.ts';
import { formatIp } from '../../base/ip.ts';
import { atomAt } from '../../eval/atoms.ts';
import { has } from '../../eval/bits.ts';
import { endpointIndex, type Evaluation } from '../../eval/evaluate.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { isBeforeIsolation } from '../../eval/stages.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { denyOf } from '../precedence/decisions.ts';
import { deniedPorts, dnsEndpoint, mayHoldDns, reachesNodeCache } from './dns-blocked.ts';
import { clientIn, dnsServers, type DnsServer } from '../dns-servers.ts';
import { clusterFacts } from '../facts.ts';
import { DNS_POD, matchLabels, matchOf, matchScope, type Witness } from '../precedence/rule-match.ts';
import type { Certainty } from '../../base/certainty.ts';
import type { WorkspaceContext } from '../context.ts';
import { systemWorkloads } from './system-pods.ts';
import { policiesBefore } from '../precedence/tier-order.ts';
import { EXAMPLE_IP } from '../witness/pairs.ts';
import { ownDecision } from '../precedence/tier-match.ts';

/** What a Deny of the Admin tier takes from the system pods of the cluster: name lookups at its DNS, or everything outside. */
export interface ControlPlaneImpact {
  readonly rule: Rule;
  readonly direction: Direction;
  readonly of: 'dns' | 'outside';
  /** One connection that is denied; absent if the workspace does not contain the pods. */
  readonly witness?: ImpactWitness;
}

/** A connection of system pods, or to them. */
export interface ImpactWitness {
  readonly from: Workload;
  readonly to: Located<Workload> | string;
  readonly protocol: Protocol;
  readonly port: number;
}

/**
 * What a policy of the Admin tier denies to the system, one finding for each of its rules. Where the workspace has the pods, their
 * connections are judged by evaluation; else by what is sure of them in any cluster.
 */
export function controlPlaneImpactsOf(context: WorkspaceContext, policy: Located<Policy>): readonly ControlPlaneImpact[] {
  if (!isBeforeIsolation(policy.value)) return [];
  return impactsIn(context.cluster, policy.value, policy, context);
}

const impactsIn = memo2((_cluster: Cluster, _policy: Policy, placed: Located<Policy>, context: WorkspaceContext) => find(context, placed));

/** Pods that are asked about, at most. */
const MAX_PODS = 100;

function find(context: WorkspaceContext, policy: Located<Policy>): readonly ControlPlaneImpact[] {
  const { cluster, evaluation } = context;
  const servers = dnsServers(cluster);
  const system = systemWorkloads(cluster);
  const bound = system.filter(({ value }) => !mayBePassed(cluster, policy, value)).slice(0, MAX_PODS);
  const isHomeKnown = system.some(({ value }) => value.namespace === KUBE_SYSTEM);
  const found = [
    ...(servers.length > 0 ? dnsImpacts(context, policy.value, servers, bound) : []),
    ...(bound.length > 0 ? outsideImpacts(evaluation(), policy.value, bound) : []),
    ...guess(cluster, policy, 'dns', dnsGuesses(servers)),
    ...guess(cluster, policy, 'outside', isHomeKnown ? [] : [OUTSIDE]),
  ];
  return found.filter(({ rule }, i) => found.findIndex((other) => other.rule === rule) === i);
}

/** May an earlier policy be about a pod by labels of its namespace, of which no manifest says what labels it has? */
function mayBePassed(cluster: Cluster, policy: Located<Policy>, { namespace, labels }: Workload): boolean {
  if (clusterFacts(cluster).defined.has(namespace)) return false;
  return policiesBefore(cluster, policy.value).some(
    ({ value: { subject } }) =>
      matchScope(subject.namespaces, { [NAME_LABEL]: namespace }) === 'unknown' && matchLabels(subject.pods, labels) !== 'no',
  );
}

/** Connections to the DNS that are denied: those of all pods, by its own ingress; those of system pods, by their egress. */
function dnsImpacts(
  context: WorkspaceContext,
  policy: Policy,
  servers: readonly DnsServer[],
  system: readonly Located<Workload>[],
): readonly ControlPlaneImpact[] {
  const evaluation = context.evaluation();
  const own = subjectBits(evaluation.space, policy);
  const bound = system.filter(({ value }) => has(own, endpointIndex(evaluation, { kind: 'workload', workload: value })));
  const isBound = servers.some(({ workload }) => bound.some(({ key }) => key === workload.key));
  const allPods = evaluation.space.classes.slice(0, MAX_PODS).flatMap(({ members }) => clientIn(members, servers) ?? []);
  const clients = bound.flatMap(({ value }) => clientIn([value], servers) ?? []);
  return [
    ...(isBound ? dnsImpact(context, policy, 'ingress', allPods, servers) : []),
    ...dnsImpact(context, policy, 'egress', clients, servers),
  ];
}

function dnsImpact(
  context: WorkspaceContext,
  policy: Policy,
  direction: Direction,
  clients: readonly Workload[],
  servers: readonly DnsServer[],
): readonly ControlPlaneImpact[] {
  const [server] = servers;
  if (!policy[direction] || !server) return [];
  const denials = clients.flatMap((from) => {
    const denial = dnsDeny(context, policy, direction, from, servers);
    return denial ? [{ ...denial, from }] : [];
  });
  // A Deny for some pods in particular is intended; it blocks the system where it includes all pods, known or not.
  const denial = denials.find(({ rule }) => denials.length === clients.length || isForAll(rule, direction, server));
  if (!denial) return [];
  const { rule, from, protocol, port } = denial;
  return [{ rule, direction, of: 'dns', witness: { from, to: server.workload, protocol, port } }];
}

type Port = DnsServer['ports'][number];

function dnsDeny(
  context: WorkspaceContext,
  policy: Policy,
  direction: Direction,
  workload: Workload,
  servers: readonly DnsServer[],
): (Port & { readonly rule: Rule }) | undefined {
  const evaluation = context.evaluation();
  const from = { kind: 'workload' as const, workload };
  const denied = servers.map((server) => deniedPorts(context, from, server));
  const [server] = servers;
  const [port] = denied[0] ?? [];
  // One that answers is enough; so is a cache on the node, for pods whose egress to it is allowed.
  if (!server || !port || denied.some((ports) => ports.length === 0)) return undefined;
  if (direction === 'egress' && reachesNodeCache(context, from)) return undefined;
  const endpoints = [endpointIndex(evaluation, from), endpointIndex(evaluation, dnsEndpoint(server))] as const;
  const [pod, other] = direction === 'egress' ? endpoints : [endpoints[1], endpoints[0]];
  const rule = denyOf(evaluation, policy, { direction, pod, other, ...port });
  if (!rule || (direction === 'egress' && mayHoldDns(context, from, server, port, { policy, path: rule.path }))) return undefined;
  return { ...port, rule };
}

/** A pod of which nothing is known: no labels, and a namespace that has only its name. */
const UNKNOWN_POD = { namespace: { [NAME_LABEL]: 'some-namespace' }, labels: {} };

/** Does a Deny take every pod that comes? In egress it is about the subject, of which system pods are a part. */
function isForAll(rule: Rule, direction: Direction, { ports }: DnsServer): boolean {
  if (direction === 'egress') return true;
  return ports.some(({ protocol, port }) => matchOf(rule, { kind: 'pod', ...UNKNOWN_POD, protocol, port }) === 'yes');
}

/** Where API servers listen: 443 (the clouds) or 6443 (kubeadm `DefaultAPIBindPort`, and most others). */
const API_PORTS: readonly number[] = [443, 6443];

/** System pods that reach no IPv4 address outside on the ports of API servers; a Deny of IPv6 alone leaves most clusters as they are. */
function outsideImpacts(evaluation: Evaluation, policy: Policy, system: readonly Located<Workload>[]): readonly ControlPlaneImpact[] {
  if (!policy.egress) return [];
  const { space } = evaluation;
  const own = subjectBits(space, policy);
  for (const { value: from } of system.slice(0, MAX_PODS)) {
    const pod = endpointIndex(evaluation, { kind: 'workload', workload: from });
    if (!has(own, pod) || mayOpenMore(evaluation, pod)) continue;
    const isOpen = (atom: number, port: number): boolean =>
      hasTraffic(evaluation.outcome('egress', pod, space.classes.length + atom).maybe, 'TCP', port);
    const outside = space.atoms.flatMap(({ family }, atom) => (family === 4 ? [atom] : []));
    if (outside.some((atom) => API_PORTS.some((port) => isOpen(atom, port)))) continue;
    const [port = 443] = API_PORTS;
    for (const atom of exampleFirst(space.atoms, outside)) {
      const rule = denyOf(evaluation, policy, { direction: 'egress', pod, other: space.classes.length + atom, protocol: 'TCP', port });
      const to = addressIn(space.atoms, atom);
      if (rule) return [{ rule, direction: 'egress', of: 'outside', witness: { from, to, protocol: 'TCP', port } }];
    }
  }
  return [];
}

/** An Accept or Pass for nodes or names may allow access to the API server; the addresses of nodes and names are not in the workspace. */
function mayOpenMore(evaluation: Evaluation, pod: number): boolean {
  const rules = (evaluation.podPolicies.egress[pod]?.policies ?? []).flatMap(({ value }) =>
    isBeforeIsolation(value) ? (value.egress?.rules ?? []) : [],
  );
  return rules.some(
    ({ action, peers }) => action !== 'Deny' && peers !== 'any' && peers.some(({ kind }) => kind !== 'pods' && kind !== 'networks'),
  );
}

type Atoms = Evaluation['space']['atoms'];

function exampleFirst(atoms: Atoms, among: readonly number[]): readonly number[] {
  const example = atomAt(atoms, EXAMPLE_IP.family, EXAMPLE_IP.value);
  return among.toSorted((a, b) => Number(b === example) - Number(a === example));
}

function addressIn(atoms: Atoms, atom: number): string {
  if (atomAt(atoms, EXAMPLE_IP.family, EXAMPLE_IP.value) === atom) return formatIp(EXAMPLE_IP.family, EXAMPLE_IP.value);
  const range = atoms[atom];
  return range ? formatIp(range.family, range.from) : '';
}

type Guess = readonly [Direction, Witness];

const OUTSIDE: Guess = ['egress', { kind: 'outside', protocol: 'TCP', port: 443 }];

/** Queries to cluster DNS; if its pods are known, those that a Deny of every address includes, as their address is unknown. */
function dnsGuesses(servers: readonly DnsServer[]): readonly Guess[] {
  const [server] = servers;
  if (!server) {
    return [
      ['ingress', { kind: 'pod', ...UNKNOWN_POD, protocol: 'UDP', port: 53 }],
      ['egress', { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 }],
    ];
  }
  const { namespace, labels } = server.workload.value;
  const port = server.ports.find(({ protocol }) => protocol === 'UDP');
  const isKnown = servers.length > 1 || server.workload.value.ips.length > 0;
  return port && !isKnown ? [['egress', { kind: 'pod', namespace: { [NAME_LABEL]: namespace }, labels, ...port }]] : [];
}

/** Without the pods: what becomes of those that nearly every cluster has, over the whole tier. */
function guess(
  cluster: Cluster,
  policy: Located<Policy>,
  of: ControlPlaneImpact['of'],
  guesses: readonly Guess[],
): readonly ControlPlaneImpact[] {
  if (aboutSystem(policy.value) !== 'yes') return [];
  return guesses.flatMap(([direction, witness]): readonly ControlPlaneImpact[] => {
    const rule = ownDecision(cluster, policy, direction, witness, aboutSystem);
    return rule?.action === 'Deny' ? [{ rule, direction, of }] : [];
  });
}

function aboutSystem({ subject }: Policy): Certainty {
  const [namespace, pod] = [matchScope(subject.namespaces, DNS_POD.namespace), matchLabels(subject.pods, DNS_POD.labels)];
  if (namespace === 'no' || pod === 'no') return 'no';
  return namespace === 'yes' && pod === 'yes' ? 'yes' : 'unknown';
}
