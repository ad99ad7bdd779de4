import { entriesOf, isAll, isCluster, isEmptyEntry, isWorld, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, selectsAllOf } from '../../analysis/cilium-overlap.ts';
import { policyIn } from '../../analysis/selection.ts';
import { policyName } from '../../eval/names.ts';
import { peerImplies, portImplies } from '../../eval/subsume.ts';
import { describePeers } from '../../model/describe.ts';
import type { EndpointSet } from '../../model/endpoint-set.ts';
import type { Peer, Rule } from '../../model/policy.ts';
import { ofApi } from '../about.ts';
import { onField } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-allow-overridden',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'high',
  summary: 'An allow entry that a deny entry overrides, so that it allows nothing.',
  why: 'In Cilium a deny overrides every allow, however narrow the allow and however wide the deny, in whichever policy they stand. An exception to a deny entry cannot be written as an allow entry. Without the deny entry, default deny denies the same, and allow entries are exceptions from it.',
  noFix: 'Whether the deny or the allow is meant is for the author to say.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
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
              entry.direction === direction && entry.rule.action === 'Deny' && covers(entry.rule, allow)
                ? [{ other, deny: entry.rule }]
                : [],
            ),
          )[0];
        if (!found) continue;
        const [word, name] = [direction === 'ingress' ? 'from' : 'to', `${found.other.policy.kind} ${policyName(found.other.policy)}`];
        const message = `This entry allows nothing: ${name} denies connections ${word} ${describePeers(found.deny.peers)}, and a deny overrides every allow. Narrow the deny entry, or remove it where default deny is enough.`;
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
function covers(deny: Rule, allow: Rule): boolean {
  return peersCovered(deny, allow) && portsCovered(deny, allow);
}

function peersCovered({ peers: denied }: Rule, { peers: allowed }: Rule): boolean {
  if (denied === 'any' || denied.some(isAll)) return true;
  return allowed !== 'any' && allowed.length > 0 && allowed.every((peer) => denied.some((one) => peerCovered(one, peer)));
}

function peerCovered(denied: Peer, allowed: Peer): boolean {
  if (isWorld(denied)) return isOutside(allowed);
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
