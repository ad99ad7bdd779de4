import { entriesOf, isAll, isCluster, isEveryPod, partsOf } from '../../analysis/cilium-parts.ts';
import { describePeers } from '../../model/describe.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-authentication-allows',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  summary: 'An entry that requires authentication, and thereby allows all pods.',
  why: 'An entry with `authentication` is an allow entry: it allows its peers, once both sides have authenticated. It restricts no other entry. A policy that is meant to require authentication everywhere therefore allows every pod to connect to every pod that it selects, even where other policies allow only a few sources.',
  noFix: 'Only the author knows which entries should require authentication.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    const { policy } = context;
    for (const part of policy ? partsOf(policy) : []) {
      for (const { direction, rule: entry } of entriesOf(part)) {
        if (entry.note === undefined || entry.ports !== 'any' || !isWide(part, entry)) continue;
        const [who, way] = direction === 'ingress' ? ['from', 'reach'] : ['to', 'be reached from'];
        const message = `Authentication does not restrict what other policies allow: this entry allows all connections ${who} ${describePeers(entry.peers)}, so they can ${way} every pod that this policy selects. Add 'authentication' to the entries that allow the connections.`;
        yield onKey(context, [...entry.path, 'authentication'], message);
      }
    }
  },
};

export default rule;

/** Every pod, of the cluster or of all that the policy is about. */
function isWide({ namespace, subject, name }: Policy, { peers }: Rule): boolean {
  if (peers === 'any') return true;
  const isMeantForAll =
    namespace === undefined || (subject.pods.requirements.length === 0 && /require|enforce|mutual|mtls|auth/i.test(name));
  return peers.some((peer) => isAll(peer) || isCluster(peer) || (isEveryPod(peer) && isMeantForAll));
}
