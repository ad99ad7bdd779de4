import { entriesOf, isAll, isCluster, isEmptyEntry, isWorld, partsOf } from '../../analysis/cilium-parts.ts';
import { groupBy } from '../../base/lists.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { partsIn, selectsAllOf, type LocatedPart } from '../../analysis/cilium-overlap.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { planeOf } from '../../eval/planes.ts';
import { stageOf } from '../../eval/stages.ts';
import { peerImplies, portImplies } from '../../eval/subsume.ts';
import { describePeers } from '../../model/describe.ts';
import type { EndpointSet } from '../../model/endpoint-set.ts';
import type { Direction, Peer, Policy, Rule } from '../../model/policy.ts';
import { podPolicies } from '../about.ts';
import { onField } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-allow-overridden',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'An allow entry that a deny entry overrides, so that it allows nothing.',
  why: 'In Cilium a deny overrides every allow, however narrow the allow and however wide the deny, in whichever policy they stand, a NetworkPolicy included. An exception to a deny entry cannot be written as an allow entry. Without the deny entry, default deny denies the same, and allow entries are exceptions from it.',
  noFix: 'Only the author knows whether the deny or the allow is meant.',
  *check(context) {
    const policy = policyIn(context);
    // What is evaluated in another stage no deny of Cilium's own policies overrides.
    if (!policy || policy.value.notInForce) return;
    if (context.cluster.plane !== 'cilium' || stageOf(policy.value, planeOf(context.cluster)).isolation !== 'isolates') return;
    const matchesNodes = context.cluster.cilium?.cidrMatchMode === 'nodes';
    const all = partsIn(context.cluster.policies);
    const denying = all.filter(({ part }) => entriesOf(part).some(({ rule: entry }) => entry.action === 'Deny'));
    if (denying.length === 0) return;
    const deniesOver = denyEntries(context.evaluation(), denying);
    let left = MAX_COMPARED_ENTRIES;
    for (const part of partsOf(policy.value)) {
      yield undefined;
      for (const { direction, rule: allow } of entriesOf(part)) {
        if (allow.action !== 'Accept' || isEmptyEntry(allow)) continue;
        const denies = deniesOver(part, direction);
        left -= denies.length;
        // So many pairs are compared for each key that is pressed; what comes after is not claimed.
        if (left < 0) return;
        const found = denies.find(({ deny }) => covers(deny, allow, matchesNodes));
        if (!found) continue;
        const [word, name] = [direction === 'ingress' ? 'from' : 'to', `${found.other.policy.kind} ${policyName(found.other.policy)}`];
        const message = `This ${policy.value.api === 'cilium' ? 'entry' : 'rule'} allows nothing: ${name} denies connections ${word} ${describePeers(found.deny.peers)}, and a deny overrides every allow. Narrow the deny entry, or remove it where default deny is enough.`;
        yield onField(context, allow.path, message, {
          related: [{ key: found.other.key, path: found.deny.path, message: 'The deny entry.' }],
          unnecessary: true,
        });
      }
    }
  },
};

export default rule;

/** Enough for any policy written by hand. */
const MAX_COMPARED_ENTRIES = 50_000;

interface DenyEntry {
  readonly other: LocatedPart;
  readonly deny: Rule;
}

/**
 * The deny entries of parts that select everything that a part selects, in a direction. Parts that select the same in words are asked once:
 * an object may have thousands.
 */
function denyEntries(
  evaluation: Evaluation,
  denying: readonly LocatedPart[],
): (part: Policy, direction: Direction) => readonly DenyEntry[] {
  const bySubject = groupBy(denying, ({ part }) => part.subject.words ?? '');
  const lists = new Map<string, readonly DenyEntry[]>();
  return (part, direction) => {
    const name = `${direction} ${part.subject.words ?? ''}`;
    const list = part.subject.words === undefined ? undefined : lists.get(name);
    if (list) return list;
    const wide = [...bySubject.values()].flatMap((others) =>
      others[0]?.part.subject.words === undefined
        ? others.filter((other) => selectsAllOf(evaluation, other.part, part))
        : selectsAllOf(evaluation, others[0].part, part)
          ? others
          : [],
    );
    const found = wide.flatMap((other) =>
      entriesOf(other.part).flatMap((entry) =>
        entry.direction === direction && entry.rule.action === 'Deny' ? [{ other, deny: entry.rule }] : [],
      ),
    );
    lists.set(name, found);
    return found;
  };
}

/** Does a deny entry match everything that an allow entry matches? */
function covers(deny: Rule, allow: Rule, matchesNodes: boolean): boolean {
  return peersCovered(deny, allow, matchesNodes) && portsCovered(deny, allow);
}

function peersCovered({ peers: denied }: Rule, { peers: allowed }: Rule, matchesNodes: boolean): boolean {
  if (denied === 'any' || denied.some(isAll)) return true;
  return allowed !== 'any' && allowed.length > 0 && allowed.every((peer) => denied.some((one) => peerCovered(one, peer, matchesNodes)));
}

function peerCovered(denied: Peer, allowed: Peer, matchesNodes: boolean): boolean {
  if (isWorld(denied)) return isOutside(allowed) && !(matchesNodes && allowed.kind === 'networks');
  if (isCluster(denied)) return allowed.kind === 'pods' || isCluster(allowed);
  if (denied.kind === 'set' || allowed.kind === 'set')
    return denied.kind === 'set' && allowed.kind === 'set' && denied.words === allowed.words;
  return denied.kind === allowed.kind && peerImplies(allowed, denied).kind === 'yes';
}

/** Only addresses outside the cluster. */
function isOutside(peer: Peer): boolean {
  if (peer.kind === 'networks' || peer.kind === 'domainNames') return true;
  return peer.kind === 'set' && isOutsideSet(peer.set);
}

function isOutsideSet(set: EndpointSet): boolean {
  return (set.kind === 'entity' && set.entity.startsWith('outside')) || (set.kind === 'and' && set.of.some(isOutsideSet));
}

function portsCovered({ ports: denied }: Rule, { ports: allowed }: Rule): boolean {
  if (denied === 'any') return true;
  return allowed !== 'any' && allowed.length > 0 && allowed.every((port) => denied.some((one) => portImplies(port, one).kind === 'yes'));
}
