import { withTraits } from '../about.ts';
import { onValue } from '../draft.ts';
import { isReadable, picksAll, rulesIn } from '../../analysis/policy-parts.ts';
import type { Rule } from '../../model/policy.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'pods-meant-as-external',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: withTraits({ isolates: true }),
  summary: 'An egress rule for the outside that allows only pods.',
  why: 'A namespaceSelector matches namespaces, and so pods of this cluster only: `namespaceSelector: {}` is every pod, and no address outside. Addresses outside are allowed by an ipBlock, or by a rule without `to`.',
  *check(context) {
    const { policy } = context;
    for (const { rule: one, direction } of rulesIn(policy)) {
      if (direction !== 'egress' || !policy || one.peers === 'any' || !isReadable(policy, one.path) || !isEveryPodOnly(one)) continue;
      if (!saysExternal(policy.name) && !saysExternal(commentsAt(context, one))) continue;
      const [peer] = one.peers;
      if (!peer) continue;
      yield onValue(
        context,
        peer.path,
        'This peer is every pod of the cluster, and no address outside, so egress to the outside stays denied. Add an ipBlock for the addresses outside, such as 0.0.0.0/0.',
      );
    }
  },
};

export default rule;

function isEveryPodOnly({ peers }: Rule): boolean {
  return (
    peers !== 'any' &&
    peers.every(
      (peer) => peer.kind === 'pods' && peer.namespaces.kind === 'selected' && picksAll(peer.namespaces.selector) && picksAll(peer.pods),
    )
  );
}

/** A name or a comment about external traffic; not if it says that external traffic is denied. */
function saysExternal(text: string): boolean {
  return (
    /\b(?:external|internet|outside|world|public|third[- ]party)\b/i.test(text) &&
    !/\b(?:deny|block|no|not|except|without|internal)\b/i.test(text)
  );
}

/** The comments right above a rule and in it. */
function commentsAt({ at, text }: ManifestContext, { path }: Rule): string {
  const span = at(path)?.span;
  if (!span) return '';
  const above = text.slice(0, span.start).split('\n').slice(0, -1);
  const lines: string[] = [];
  while (/^\s*#/.test(above.at(-1) ?? '')) lines.push(above.pop() ?? '');
  return [...lines, ...(text.slice(span.start, span.end).match(/#[^\n]*/g) ?? [])].join(' ');
}
