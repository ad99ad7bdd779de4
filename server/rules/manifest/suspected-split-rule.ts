import { capital } from '../../base/english.ts';
import { describePeers, describePorts } from '../../model/describe.ts';
import { DIRECTIONS, type Direction } from '../../model/policy.ts';
import { mergeItems } from '../../syntax/join-items.ts';
import { isMerge } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { splitPairs, type SplitPair } from '../../analysis/redundancy/split-rules.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'suspected-split-rule',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: withTraits({ isolates: true }),
  summary: 'Two rules where one may be meant: one has only peers, the other only ports.',
  why: 'A single dash makes the difference. In one rule, `from` (or `to`) and `ports` must both match. In two rules, either one matches: the rule without peers allows its ports for any source or destination, inside the cluster and outside, and the rule without ports allows its peers on every port. The API server accepts both.',
  *check(context) {
    const { policy } = context;
    for (const direction of policy ? DIRECTIONS : []) {
      for (const pair of policy ? splitPairs(policy, direction) : []) {
        if (isMeant(context, pair)) continue;
        const severity = pair.likely ? 'warning' : 'information';
        const related = [{ path: pair.first.path, message: 'The first of the two rules.' }];
        const fixes = merged(context, direction, pair);
        yield onKey(context, pair.second.path, messageFor(pair, direction), { severity, related, fixes });
      }
    }
  },
};

export default rule;

function messageFor({ peers, ports }: SplitPair, direction: Direction): string {
  const [port, peer] = [describePorts(ports.ports), describePeers(peers.peers)];
  const either =
    direction === 'ingress'
      ? `Two rules, of which either matches: all sources can connect on ${port}, and ${peer} on every port.`
      : `Two rules, of which either matches: all destinations are allowed on ${port}, and ${peer} on every port.`;
  return capital(`${either} To require both, merge them into one rule.`);
}

/** Does a comment at the second rule say that it is for all? */
function isMeant({ at, text }: ManifestContext, { first, second }: SplitPair): boolean {
  const [start, end] = [at(first.path)?.span.start ?? 0, at(second.path)?.span.end ?? 0];
  const comments = text.slice(start, end).match(/#[^\n]*/g) ?? [];
  return comments.some((comment) =>
    /\b(?:any|anyone|anybody|anywhere|all|every\w*|public\w*|open|outside|external\w*|internet|world)\b/i.test(comment),
  );
}

function merged({ at, text, policy }: ManifestContext, direction: Direction, { first, second }: SplitPair): readonly Fix[] {
  const list = policy && at(policy.at[direction]);
  const nodes = [first, second].map(({ path }) => at(path));
  // What an anchor names, other rules use too; an empty `ports` beside the peers would be a key twice.
  const isPlain = nodes.every(
    (node) => node?.kind === 'map' && node.anchor === undefined && node.pairs.length === 1 && !node.pairs.some(isMerge),
  );
  const edit = list?.kind === 'seq' && isPlain ? mergeItems(text, list, first.index) : undefined;
  return edit ? [{ title: 'Merge into one rule', edits: [edit], safe: false }] : [];
}
