import { entriesOf, isAboutNodes, isAll, isCluster, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, selectsAllOf } from '../../analysis/cilium-overlap.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ENTITY_MEANINGS } from '../../model/cilium/entities.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../../model/policy.ts';
import { blockText } from '../../syntax/print.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { itemBehind } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'cilium-host-policy',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'medium',
  summary: 'A policy for nodes that does not allow the other nodes of the cluster.',
  why: 'A rule with a nodeSelector isolates the nodes in each direction in which it has entries. Everything that the cluster needs of a node must then be allowed: kubelet, API server, health checks, tunnels between nodes. Without the entity `cluster` (or `remote-node`, `kube-apiserver` and `health`) nodes become NotReady.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      if (!isAboutNodes(part)) continue;
      for (const direction of DIRECTIONS) {
        const section = part[direction];
        // What denies only has a rule of its own.
        if (!section?.isolates || !section.rules.some(({ action }) => action === 'Accept') || allowsNodes(context, part, direction))
          continue;
        const effect =
          direction === 'ingress'
            ? 'kubelet, API server, health checks and tunnels can no longer be reached'
            : 'the nodes can no longer reach the API server and each other';
        const field = direction === 'ingress' ? 'fromEntities' : 'toEntities';
        const message = `If Cilium's host firewall is enabled, this policy isolates nodes for ${direction} and allows no other node: ${effect}. Add an entry '${field}: [cluster]'.`;
        yield onKey(context, section.path, message, { fixes: fixes(context, part, direction, field) });
      }
    }
  },
};

export default rule;

/** Does some policy for these nodes allow the nodes of the cluster, on every port? */
function allowsNodes(context: WorkspaceContext, part: Policy, direction: Direction): boolean {
  const evaluation = context.evaluation();
  return partsIn(context.cluster.policies)
    .filter((other) => other.part === part || selectsAllOf(evaluation, other.part, part))
    .flatMap((other) => entriesOf(other.part))
    .some(({ direction: own, rule: entry }) => own === direction && entry.action === 'Accept' && namesNodes(entry));
}

function namesNodes({ peers, ports }: Rule): boolean {
  if (peers === 'any') return ports === 'any';
  return peers.some((peer) => isAll(peer) || isCluster(peer) || isNodes(peer));
}

/** Nodes by their labels, or the entity `remote-node`. */
function isNodes(peer: Peer): boolean {
  return peer.kind === 'nodes' || (peer.kind === 'set' && peer.words === ENTITY_MEANINGS.get('remote-node')?.words);
}

function fixes({ at, text }: WorkspaceContext, part: Policy, direction: Direction, field: string): readonly Fix[] {
  const item = blockText({ [field]: ['cluster'] }, 0, { listIndent: 0, eol: '\n' });
  const edit = itemBehind(text, at(part.at[direction]), item);
  return edit ? [{ title: `Add an entry '${field}: [cluster]'`, edits: [edit], safe: false }] : [];
}
