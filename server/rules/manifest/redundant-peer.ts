import { blocksOf } from '../../eval/stages.ts';
import { anyRule, type Peer, type Rule } from '../../model/policy.ts';
import { redundantParts } from '../../analysis/redundancy/covered.ts';
import { hasExclusion, isUndone } from '../../analysis/redundancy/exclusions.ts';
import { onKey } from '../draft.ts';
import { isReadable, rulesIn } from '../../analysis/policy-parts.ts';
import { policiesOfAnyApi } from '../about.ts';
import { removal } from '../repair/list-fixes.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-peer',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: policiesOfAnyApi,
  summary: 'A peer that other peers of the rule include.',
  why: 'A connection that matches any peer of the list matches the rule, so this peer has no effect, although it looks like a restriction.',
  *check(context) {
    const { policy } = context;
    for (const { rule, direction } of rulesIn(policy)) {
      if (!policy || rule.peers === 'any') continue;
      const parts = rule.peers.filter(({ path }) => isReadable(policy, path)).map(alone);
      for (const found of redundantParts(parts, direction, undefined, blocksOf(policy, context.settings.ciliumCidrMatchMode))) {
        if (!found) {
          yield undefined;
          continue;
        }
        const { part, covers } = found;
        if (isUndone(policy, part)) continue;
        const [one, ...more] = covers;
        const others = one && more.length === 0 ? `item ${Number(one.path.at(-1)) + 1}` : 'the other items';
        const message = `This peer has no effect: ${others} of the list already ${more.length === 0 ? 'includes' : 'include'} it. Remove it.`;
        const related = covers.map(({ path }) => ({ path, message: 'Includes this peer.' }));
        const isAimed = covers.some((cover) => isAimedAt(part, cover));
        const fixes = (hasExclusion(part) ? [] : removal(context, part.path, 'Remove the peer')).map((fix) => ({
          ...fix,
          safe: fix.safe && !isAimed,
        }));
        yield onKey(context, part.path, message, { unnecessary: true, related, fixes });
      }
    }
  },
};

export default rule;

/** The rule that has this peer only. */
function alone(peer: Peer): Rule {
  return anyRule({ peers: [peer], path: peer.path });
}

/** Does one rule name pods by their labels, where the other means every pod? Then the wide one may be the mistake, and hardly the other. */
function isAimedAt(part: Rule, cover: Rule): boolean {
  const [peer] = part.peers === 'any' ? [] : part.peers;
  const [wide] = cover.peers === 'any' ? [] : cover.peers;
  return peer?.kind === 'pods' && wide?.kind === 'pods' && peer.pods.requirements.length > 0 && wide.pods.requirements.length === 0;
}
