import { capital } from '../../base/english.ts';
import { entriesOf, isAboutNodes, isAll, isCluster, isWorld, partsOf } from '../../analysis/cilium-parts.ts';
import { describePeers, describePorts } from '../../model/describe.ts';
import type { Peer, Rule } from '../../model/policy.ts';
import { mergeItems } from '../../syntax/join-items.ts';
import { isMerge } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-split-entry',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  summary: 'Two entries where one may be meant: one has only peers, the next only ports.',
  why: 'A single dash makes the difference. In one entry the peers and `toPorts` must both match. In two entries either one matches: the entry without peers allows its ports for any source or destination, inside the cluster and outside, and the entry without ports allows its peers on every port.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    const { policy } = context;
    for (const part of policy ? partsOf(policy) : []) {
      const entries = entriesOf(part);
      for (const [i, second] of entries.entries()) {
        const first = entries[i - 1];
        if (!first || first.direction !== second.direction || !isSplit(first.rule, second.rule) || isAboutNodes(part)) continue;
        const [who, where] = first.direction === 'ingress' ? ['all sources can connect', 'from'] : ['all destinations are allowed', 'to'];
        const message = capital(
          `two entries, of which either matches: ${who} on ${describePorts(second.rule.ports)}, and connections ${where} ${describePeers(first.rule.peers)} are allowed on every port. To require both, merge them into one entry.`,
        );
        yield onKey(context, second.rule.path, message, {
          related: [{ path: first.rule.path, message: 'The first of the two entries.' }],
          fixes: merged(context, first.rule, second.rule),
        });
      }
    }
  },
};

export default rule;

/** Narrow peers on every port, then ports for any peer: that is how one dash too many looks. */
function isSplit(first: Rule, second: Rule): boolean {
  if (first.action !== 'Accept' || second.action !== 'Accept' || first.index + 1 !== second.index) return false;
  const isPeersOnly = first.ports === 'any' && first.peers !== 'any' && first.peers.length > 0 && first.peers.every(isNarrow);
  return isPeersOnly && second.peers === 'any' && second.ports !== 'any' && second.lookups === undefined && !isForDns(second);
}

function isNarrow(peer: Peer): boolean {
  return !isAll(peer) && !isCluster(peer) && !isWorld(peer) && peer.kind !== 'unreadable';
}

function isForDns({ ports }: Rule): boolean {
  return ports !== 'any' && ports.every((port) => (port.kind === 'range' ? port.from === 53 && port.to === 53 : port.kind !== 'named'));
}

function merged({ at, text }: ManifestContext, first: Rule, second: Rule): readonly Fix[] {
  const list = at(first.path.slice(0, -1));
  const nodes = [first, second].map(({ path }) => at(path));
  const isPlain = nodes.every((node) => node?.kind === 'map' && node.anchor === undefined && !node.pairs.some(isMerge));
  const edit = list?.kind === 'seq' && isPlain ? mergeItems(text, list, first.index) : undefined;
  return edit ? [{ title: 'Merge into one entry', edits: [edit], safe: false }] : [];
}
