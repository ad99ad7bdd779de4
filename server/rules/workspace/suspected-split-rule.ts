import { capital, count } from '../../base/english.ts';
import { describePeers, describePorts } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { mergeItems } from '../../syntax/join-items.ts';
import { isMerge } from '../../syntax/tree.ts';
import { factsIn, policyIn, workloadList, workloadsPicked } from '../../analysis/selection.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { splitPairs, type SplitPair } from '../../analysis/redundancy/split-rules.ts';
import { isForOutsideCallers } from '../../analysis/required-connections/outside-callers.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'suspected-split-rule',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  about: withTraits({ isolates: true }),
  summary: 'Two rules where one may be meant: one has only peers, the other only ports.',
  why: 'A single dash makes the difference. In one rule, `from` (or `to`) and `ports` must both match. In two rules, either one matches: the rule without peers allows its ports for any source or destination, inside the cluster and outside, and the rule without ports allows its peers on every port. The API server accepts both.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy) return;
    for (const direction of DIRECTIONS) {
      for (const pair of splitPairs(policy, direction)) {
        if (isMeant(context, pair)) continue;
        const severity = pair.likely && !isPublished(context, policy, pair, direction) ? 'warning' : 'information';
        const related = [{ path: pair.first.path, message: 'The first of the two rules.' }];
        const fixes = merged(context, policy, direction, pair);
        yield onKey(context, pair.second.path, `${messageFor(pair, direction)}${affectedText(context, policy, pair, direction)}`, {
          severity,
          related,
          fixes,
        });
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

/** The workloads of the workspace that only the rule without peers allows: they lose access when the two rules become one. */
function affectedText(context: WorkspaceContext, policy: Policy, { peers }: SplitPair, direction: Direction): string {
  const { cluster } = context;
  const facts = factsIn(context);
  const isOwn = new Set(workloadsPicked(facts, policy.subject.namespaces, policy.subject.pods).map(({ value }) => value));
  const meant = new Set(
    peers.peers === 'any'
      ? []
      : peers.peers.flatMap((peer) =>
          peer.kind === 'pods' ? workloadsPicked(facts, peer.namespaces, peer.pods).map(({ value }) => value) : [],
        ),
  );
  const others = cluster.workloads.filter(({ value }) => !isOwn.has(value) && !meant.has(value) && !value.hostNetwork);
  if (isOwn.size === 0 || others.length === 0) return '';
  const which = `${count(others.length, 'other workload')} (${workloadList(others)})`;
  return direction === 'ingress' ? ` Then ${which} can no longer connect.` : ` Then connections to ${which} are no longer allowed.`;
}

/** Is the rule without peers for callers that no selector matches, such as the API server? Then it is sensible alone. */
function isPublished(context: WorkspaceContext, { subject }: Policy, { ports }: SplitPair, direction: Direction): boolean {
  if (direction === 'egress') return false;
  return isForOutsideCallers(context.cluster, workloadsPicked(factsIn(context), subject.namespaces, subject.pods), ports);
}

/** Does a comment at the second rule say that it is for all? */
function isMeant({ at, text }: WorkspaceContext, { first, second }: SplitPair): boolean {
  const [start, end] = [at(first.path)?.span.start ?? 0, at(second.path)?.span.end ?? 0];
  const comments = text.slice(start, end).match(/#[^\n]*/g) ?? [];
  return comments.some((comment) =>
    /\b(?:any|anyone|anybody|anywhere|all|every\w*|public\w*|open|outside|external\w*|internet|world)\b/i.test(comment),
  );
}

function merged({ at, text }: WorkspaceContext, policy: Policy, direction: Direction, { first, second }: SplitPair): readonly Fix[] {
  const list = at(policy.at[direction]);
  const nodes = [first, second].map(({ path }) => at(path));
  // What an anchor names, other rules use too; an empty `ports` beside the peers would be a key twice.
  const isPlain = nodes.every(
    (node) => node?.kind === 'map' && node.anchor === undefined && node.pairs.length === 1 && !node.pairs.some(isMerge),
  );
  const edit = list?.kind === 'seq' && isPlain ? mergeItems(text, list, first.index) : undefined;
  return edit ? [{ title: 'Merge into one rule', edits: [edit], safe: false }] : [];
}
