import { entriesOf, isAll, isCluster, isEmptyEntry, isWorld, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, selectsAllOf } from '../../analysis/cilium-overlap.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { planeOf } from '../../eval/planes.ts';
import { stageOf } from '../../eval/stages.ts';
import { peerImplies, portImplies } from '../../eval/subsume.ts';
import { describePeers } from '../../model/describe.ts';
import type { EndpointSet } from '../../model/endpoint-set.ts';
import type { Peer, Rule } from '../../model/policy.ts';
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
    const evaluation = context.evaluation();
    for (const part of partsOf(policy.value)) {
      for (const { direction, rule: allow } of entriesOf(part)) {
        if (allow.action !== 'Accept' || isEmptyEntry(allow)) continue;
        const found = denying
          .filter((other) => selectsAllOf(evaluation, other.part, part))
          .flatMap((other) =>
            entriesOf(other.part).flatMap((entry) =>
              entry.direction === direction && entry.rule.action === 'Deny' && covers(entry.rule, allow, matchesNodes)
                ? [{ other, deny: entry.rule }]
                : [],
            ),
          )[0];
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
