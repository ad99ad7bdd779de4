import { capital, count } from '../../base/english.ts';
import { code, escape } from '../../base/markdown.ts';
import { clusterFacts } from '../../analysis/facts.ts';
import { onHostPicked } from '../../analysis/selection.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import { pluginLimits } from '../../eval/plugin-limits.ts';
import { API_TITLES } from '../../model/api.ts';
import { noteOnPeer } from '../../eval/cluster-notes.ts';
import { workloadName } from '../../eval/names.ts';
import { stageOf } from '../../eval/stages.ts';
import { describePeer, describePeers, describeRule, describeSubject } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type Policy, type Rule, type Section } from '../../model/policy.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { formatPath, isBelow, samePath, type Path } from '../../syntax/path.ts';
import { get, isNull } from '../../syntax/tree.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { planeAt } from '../text/plane.ts';
import { directionOf, ruleAt } from '../text/policies.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import type { Fact, Pointed } from './fact.ts';
import { matchText } from './matched.ts';

/** The pods that the policy is about, on its subject and everything in it. */
export const subjectFact: Fact = (pointed) => {
  const { path, policy } = pointed;
  if (!isBelow(path, policy.subject.path)) return undefined;
  const verb = policy.traits.isolates ? 'Isolates' : 'Applies to';
  return `${verb} ${escape(describeSubject(policy))}${hostNote(policy)}.${matched(policy.subject, pointed, true)}`;
};

/** The workloads of the workspace that are meant, as one more sentence. */
function matched(
  what: { readonly namespaces: NamespaceScope; readonly pods: LabelSelector },
  { context, policy }: Pointed,
  isSubject: boolean = false,
): string {
  const text = matchText(context.snapshot, context.uri, { ...what, withHostNetwork: policy.traits.hostNetwork, isSubject });
  return text === undefined ? '' : `\n\n${text}`;
}

/** The API leaves pods on the host network out of every subject (network-policy-api v1alpha2, `subject`). */
function hostNote(policy: Policy): string {
  return policy.traits.hostNetwork ? '' : ', except pods that use the host network';
}

/** What a whole rule says, on its dash. */
export const ruleFact: Fact = ({ path, policy }) => {
  const direction = directionOf(policy, path);
  const rule = ruleAt(policy, path);
  if (!direction || !rule || !samePath(path, rule.path)) return undefined;
  return `${escape(describeRule(rule, direction, policy))} ${aboutSubject(policy, direction)}`;
};

function aboutSubject(policy: Policy, direction: Direction): string {
  return `This applies to connections ${direction === 'ingress' ? 'to' : 'from'} ${escape(describeSubject(policy))}.`;
}

/** The peers: the whole list on `from` and `to`, one peer on an item and everything in it. */
export const peersFact: Fact = (pointed) => {
  const { path, policy } = pointed;
  const direction = directionOf(policy, path);
  const rule = ruleAt(policy, path);
  if (!direction || !rule || !isBelow(path, rule.at.peers)) return undefined;
  const word = direction === 'ingress' ? 'From' : 'To';
  if (samePath(path, rule.at.peers)) return `${word} ${escape(describePeers(rule.peers))}.`;
  if (rule.peers === 'any') return undefined;
  const peer = rule.peers.find((candidate) => candidate.kind !== 'unreadable' && isBelow(path, candidate.path));
  if (!peer) return undefined;
  const sentence = `${word} ${escape(describePeer(peer))}${joints(peer, rule, pointed)}.${peer.kind === 'pods' ? matched(peer, pointed) : ''}`;
  const isAll = rule.peers.length === 1 && rule.ports === 'any';
  return samePath(path, peer.path) && !isAll ? `${sentence}\n\nThe rule: ${escape(describeRule(rule, direction, policy))}` : sentence;
};

/** What a peer, or the subject, depends on and the manifests do not say. */
export const noteFact: Fact = ({ context, path, policy }) => {
  const cluster = clusterFor(context.snapshot, context.uri);
  if (isBelow(path, policy.subject.path)) return samePath(path, policy.subject.path) ? hostPodsNote(cluster, policy) : undefined;
  const message = noteOnPeer(cluster, policy, path) ?? portNote(cluster, policy, path) ?? blockNote(cluster, policy, path);
  return message === undefined ? undefined : escape(message);
};

/** What the network plugin does otherwise with a port, on the port and its fields. */
function portNote(cluster: Cluster, policy: Policy, path: Path): string | undefined {
  const port = rulesIn(policy)
    .flatMap(({ rule }) => (rule.ports === 'any' ? [] : rule.ports))
    .find((one) => isBelow(path, one.path));
  return port && pluginLimits(cluster, policy).find((limit) => isBelow(limit.path, port.path))?.message;
}

/** What a block of addresses matches in the network plugin of the cluster, on the block. As Kubernetes defines it, that is left to the plugin. */
function blockNote({ plane, cilium }: Cluster, policy: Policy, path: Path): string | undefined {
  if (policy.api !== 'kubernetes' || plane === 'kubernetes' || !path.some((step) => step === 'ipBlock')) return undefined;
  if (plane === 'cilium')
    return cilium?.cidrMatchMode === 'nodes'
      ? 'Cilium matches blocks with addresses outside the cluster and of nodes (netpol.cilium.policyCidrMatchMode), never of pods.'
      : 'Cilium matches blocks with addresses outside the cluster only, never of pods or nodes.';
  return `${API_TITLES[plane]} matches blocks with the addresses of pods, too.`;
}

/** Plugins do not agree on what a NetworkPolicy does about pods on the host network (kubernetes/website `network-policies.md`). */
function hostPodsNote(cluster: Cluster, { traits, subject }: Policy): string | undefined {
  const [first] = traits.hostNetwork ? onHostPicked(clusterFacts(cluster), subject.namespaces, subject.pods) : [];
  return first && `${escape(workloadName(first.value))} uses the host's network: whether this policy applies to it depends on the CNI.`;
}

/** Says what AND and OR make of the item: the mistake most often made with peers. */
function joints(peer: Peer, rule: Rule, pointed: Pointed): string {
  const notes: string[] = [];
  const inside = insideNote(peer, pointed);
  if (inside !== undefined) notes.push(inside);
  // What cannot be read may be no item at all: a template, or something half-typed.
  const others = rule.peers === 'any' ? 0 : rule.peers.filter(({ kind }) => kind !== 'unreadable').length - 1;
  if (others > 0) notes.push(`any one of the ${count(others + 1, 'item')} is enough (OR)`);
  return notes.length === 0 ? '' : `: ${notes.join(', and ')}`;
}

function insideNote(peer: Peer, { policy, place }: Pointed): string | undefined {
  if (peer.kind !== 'pods') return undefined;
  const item = nodeAt(place.placed.manifest.root, peer.path);
  const selectors = policy.traits.namespaced ? item : get(item, 'pods');
  const has = (name: string): boolean => !isNull(get(selectors, name));
  if (has('podSelector') && has('namespaceSelector')) return 'both selectors must match (AND)';
  if (has('podSelector') && policy.traits.namespaced) return "only the policy's own namespace, since this item has no namespaceSelector";
  return has('podSelector') ? 'without a namespaceSelector, all of them' : undefined;
}

/** Rules of a direction that the policy does not act in. */
export const ignoredFact: Fact = ({ path, policy, kind }) => {
  const direction = directionOf(policy, path);
  const field = policy.traits.isolates ? 'policyTypes' : kind.fields.find((name) => name === 'types');
  if (!direction || field === undefined || policy[direction]) return undefined;
  return `Has no effect: ${code(field)} does not list ${capital(direction)}.`;
};

/** The rules of a direction, on `ingress` and `egress`. */
export const sectionFact: Fact = ({ path, policy }) => {
  const direction = directionOf(policy, path);
  const section = direction && policy[direction];
  if (!section || !samePath(path, policy.at[direction])) return undefined;
  const who = escape(describeSubject(policy));
  const way = direction === 'ingress' ? 'to' : 'from';
  const rules = count(section.rules.length, 'rule');
  if (policy.api === 'cilium') return ciliumSection(section, way, who);
  if (!section.isolates) {
    return section.rules.length === 0
      ? `Has no rules for connections ${way} ${who}.`
      : `${capital(rules)} for connections ${way} ${who}; the first that matches decides.`;
  }
  if (section.rules.length === 0) return `Denies every connection ${way} ${who}, unless another NetworkPolicy allows it.`;
  return `Connections ${way} ${who} pass only if ${section.rules.length === 1 ? 'this rule' : `one of these ${rules}`}, or another NetworkPolicy, allows them.`;
};

/** The entries of a Cilium rule in one direction: what they deny is denied whatever others allow. */
function ciliumSection({ isolates, rules }: Section, way: string, who: string): string {
  const entriesOf = (deny: boolean): number =>
    new Set(rules.filter(({ action }) => (action === 'Deny') === deny).map(({ at }) => formatPath(at.peers))).size;
  const [allowing, denying] = [entriesOf(false), entriesOf(true)];
  const denied = denying === 0 ? '' : ` ${capital(count(denying, 'deny entry', 'deny entries'))} of this rule takes precedence.`;
  if (!isolates)
    return `With 'enableDefaultDeny' false, this rule isolates no pods: connections ${way} ${who} pass unless a deny entry matches them or another policy isolates the pods.`;
  const which = allowing === 0 ? 'an entry' : allowing === 1 ? 'this entry' : `one of these ${count(allowing, 'entry', 'entries')}`;
  return `Connections ${way} ${who} pass only if ${allowing === 0 ? 'another policy' : `${which}, or another policy,`} allows them.${denied}`;
}

/** What a policy of a tier is about, on `spec`. */
export const tieredFact: Fact = ({ path, policy, context }) => {
  if (!samePath(path, policy.at.body) || !policy.traits.ordered) return undefined;
  const rules = DIRECTIONS.map((direction) => count(policy[direction]?.rules.length ?? 0, `${direction} rule`));
  const { name } = stageOf(policy, planeAt(context));
  const place = policy.priority === undefined ? name : `${name}, priority ${policy.priority}`;
  return `${place}: ${rules.join(' and ')} for ${escape(describeSubject(policy))}.`;
};

/** Is the path one of a selector's own entries, about which the sentence says everything? */
export function isLabel(path: Path): boolean {
  return path.at(-2) === 'matchLabels';
}
