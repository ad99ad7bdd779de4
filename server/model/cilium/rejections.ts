import { memo } from '../../base/memo.ts';
import { finished, type Work } from '../../base/work.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asSeq, type Node } from '../../syntax/tree.ts';
import { given, type ListItem } from '../read.ts';
import { checkCidrs } from './check-cidr.ts';
import { checkIcmp, checkPorts, type PortPlace } from './check-ports.ts';
import { checkSelector } from './check-selector.ts';
import { entriesIn, hasItems, isOpen, type Rejection, type Rejections } from './rejection.ts';

/** The lists of entries of a rule. */
export const SECTIONS = [
  { field: 'ingress', direction: 'ingress', deny: false },
  { field: 'ingressDeny', direction: 'ingress', deny: true },
  { field: 'egress', direction: 'egress', deny: false },
  { field: 'egressDeny', direction: 'egress', deny: true },
] as const;

/**
 * What Cilium rejects in a policy that the API server stores (cilium `pkg/policy/api/rule_validation.go`, 1.19, with the default options).
 * Parts that the API server rejects, and those that something fills in later, are left out. `kind`: the kind of the policy.
 */
export function rejectionsOf(root: Node, kind: string): readonly Rejection[] {
  return finished(rejectionsWork(root, kind));
}

/** The same in steps, so that `rejectionsOf` has its answer at once. */
export function* rejectionsWork(root: Node, kind: string): Work<readonly Rejection[]> {
  const before = REJECTIONS(root).get(kind);
  if (before) return before;
  const found = yield* findRejections(root, kind);
  REJECTIONS(root).set(kind, found);
  return found;
}

const REJECTIONS = memo((_root: Node) => new Map<string, readonly Rejection[]>());

function* findRejections(root: Node, kind: string): Work<readonly Rejection[]> {
  const into: Rejections = [];
  const spec = given(root, 'spec');
  const specs = given(root, 'specs');
  if (!spec && !specs && !isOpen(root))
    into.push({
      code: 'no-entries',
      path: ['spec'],
      onKey: true,
      why: "a policy needs 'spec' or 'specs'",
      way: 'Add the rule.',
      mistake: 'spec',
      absence: true,
    });
  for (const rule of specsIn(root)) yield* checkRule(rule, kind === 'CiliumNetworkPolicy', into);
  return into;
}

/** `spec` and the items of `specs`, each with its place. */
export function specsIn(root: Node | undefined): readonly ListItem[] {
  const spec = given(root, 'spec');
  return [...(spec ? [{ node: spec, path: ['spec'] }] : []), ...entriesIn(root, [], 'specs')];
}

function* checkRule({ node, path }: ListItem, namespaced: boolean, into: Rejections): Work<void> {
  if (!asMap(node)) return;
  const nodes = given(node, 'nodeSelector');
  const pods = given(node, 'endpointSelector');
  if (nodes && namespaced) {
    const way = 'Write a CiliumClusterwideNetworkPolicy, or an endpointSelector for pods.';
    into.push({
      code: 'node-selector',
      path: [...path, 'nodeSelector'],
      onKey: true,
      why: "a CiliumNetworkPolicy cannot have a 'nodeSelector'",
      way,
    });
  }
  checkEntries(node, path, into);
  checkSelector(pods, [...path, 'endpointSelector'], into);
  checkSelector(nodes, [...path, 'nodeSelector'], into);
  for (const { field, direction, deny } of SECTIONS) {
    const place: PortPlace = { direction, deny, host: nodes !== undefined && pods === undefined };
    for (const entry of entriesIn(node, path, field)) {
      checkEntry(entry, place, into);
      yield;
    }
  }
}

/** A rule of empty lists. One without any of the lists is rejected by the API server. */
function checkEntries(rule: Node, path: Path, into: Rejections): void {
  const given_ = SECTIONS.filter(({ field }) => given(rule, field) !== undefined);
  const first = given_[0];
  if (first === undefined || given_.some(({ field }) => hasItems(rule, field) || isOpen(given(rule, field)) || !asSeq(given(rule, field))))
    return;
  const way = `To deny all ${first.direction}, write '- {}' as the only item.`;
  into.push({
    code: 'no-entries',
    path: [...path, first.field],
    onKey: true,
    why: `none of the lists of entries has an item`,
    way,
    mistake: 'empty',
    absence: true,
  });
}

function checkEntry({ node, path }: ListItem, place: PortPlace, into: Rejections): void {
  checkPeers(node, path, place, into);
  checkCidrs(node, path, into);
  checkIcmp(node, path, into);
  checkPorts(node, path, place, into);
}

/** The fields of peers of an entry. */
function peerFields(direction: 'ingress' | 'egress'): readonly string[] {
  return direction === 'ingress' ? INGRESS_PEERS : EGRESS_PEERS;
}

const INGRESS_PEERS = ['fromEndpoints', 'fromEntities', 'fromCIDR', 'fromCIDRSet', 'fromNodes', 'fromGroups'];
const EGRESS_PEERS = ['toEndpoints', 'toEntities', 'toCIDR', 'toCIDRSet', 'toFQDNs', 'toServices', 'toNodes', 'toGroups'];

function checkPeers(entry: Node, path: Path, { direction }: PortPlace, into: Rejections): void {
  const [first, second] = peerFields(direction)
    .filter((field) => hasItems(entry, field))
    .toSorted((a, b) => (given(entry, a)?.span.start ?? 0) - (given(entry, b)?.span.start ?? 0));
  if (first !== undefined && second !== undefined) {
    const way = 'Write an entry for each.';
    into.push({
      code: 'peer-combination',
      path: [...path, second],
      onKey: true,
      why: `'${first}' and '${second}' cannot be set in one entry`,
      way,
      mistake: first,
    });
  }
  for (const field of ['fromNodes', 'toNodes']) {
    if (!hasItems(entry, field)) continue;
    const way = 'Turn the option on, or name the nodes as entity remote-node or host.';
    into.push({
      code: 'node-peers',
      path: [...path, field],
      onKey: true,
      why: `'${field}' works only where the agent runs with enable-node-selector-labels, which is off by default`,
      way,
    });
  }
  for (const field of ['fromEndpoints', 'toEndpoints', 'fromNodes', 'toNodes']) {
    for (const item of entriesIn(entry, path, field)) checkSelector(item.node, item.path, into);
  }
}
