import { list } from '../../base/english.ts';
import { describePeer } from '../../model/describe.ts';
import type { Peer, Rule } from '../../model/policy.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { undoneExclusions, type UndoneExclusion } from '../../analysis/redundancy/exclusions.ts';
import { removal } from '../repair/list-fixes.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'exclusion-without-effect',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'An exclusion without effect because a wider peer of the same rule includes what it excludes.',
  why: 'Peers of a rule, and rules of a NetworkPolicy, are alternatives: one that matches is enough. What `NotIn`, `DoesNotExist` or `except` excludes in one place is allowed as soon as another place includes it. A NetworkPolicy has no rule that denies.',
  *check(context) {
    for (const exclusion of context.policy ? undoneExclusions(context.policy) : []) {
      const { path, excluded, by, direction } = exclusion;
      const wider = list(by.map(placeOf), 'and', 3);
      const verb = by.length === 1 ? 'includes' : 'include';
      const end = direction === 'ingress' ? 'may connect' : 'can be reached';
      const message = `This exclusion has no effect: ${wider} ${verb} what it excludes, so ${subjectOf(excluded)} ${end}. Remove the wider peer, or add the exclusion there too.`;
      const related = by.slice(0, 3).map((one) => ({ path: one.path, message: 'Includes what is excluded.' }));
      yield onValue(context, path, message, { related, fixes: fixesFor(context, exclusion) });
    }
  },
};

export default rule;

/** "'from[1]'", or "'spec.ingress[1]'" for a rule without peers. */
function placeOf({ path }: Rule): string {
  const at = path.findLastIndex((step) => typeof step === 'string');
  return path.length > 3 ? `'${String(path[at])}[${String(path[at + 1])}]' of rule ${Number(path[2]) + 1}` : `rule ${Number(path[2]) + 1}`;
}

function subjectOf(peer: Peer): string {
  return describePeer(peer);
}

/** Only the wider peer is ever removed: what is excluded was meant to be. */
function fixesFor(context: ManifestContext, { by: [cover, ...more], path }: UndoneExclusion): readonly Fix[] {
  const peers = cover?.path.slice(0, -1);
  const isBeside = peers !== undefined && path.slice(0, peers.length).join() === peers.join();
  if (!cover || more.length > 0 || !isBeside || cover.path.length < 5) return [];
  return removal(context, cover.path, 'Remove the wider peer').map((fix) => ({ ...fix, safe: false }));
}
