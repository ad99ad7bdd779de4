import { quote } from '../../base/english.ts';
import { entriesOf, isAll, isEmptyEntry, isEveryPod, partsOf } from '../../analysis/cilium-parts.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import { replace } from '../../syntax/edit.ts';
import { asMap, stringOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-name-contradicted',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary:
    'A policy that is named for denying and denies nothing, for allowing and allows nothing, or for the own namespace and allows all of them.',
  why: 'In a Cilium policy an empty entry (`- {}`) allows nothing and isolates the pods, which is the default deny; in a NetworkPolicy the same text allows everything. All pods of the scope are `fromEndpoints: [{}]`. Two braces in the wrong place turn a policy into its opposite. In a CiliumClusterwideNetworkPolicy the scope is the cluster: `{}` selects the pods of every namespace, and no selector means the namespace of the pod that the policy applies to.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    const { policy } = context;
    if (!policy || policy.unreadable.length > 0 || policy.notInForce) return;
    const denies = DENIES.test(policy.name) && !ALLOWS.test(policy.name) && !ONLY_OBSERVES.test(policy.name);
    const allows = ALLOWS.test(policy.name) && !DENIES.test(policy.name);
    for (const part of partsOf(policy)) {
      if (denies) yield* deniesNothing(context, part);
      if (allows) yield* allowsNothing(context, part);
      if (policy.namespace === undefined) yield* allowsOtherNamespaces(context, part);
    }
  },
};

export default rule;

const DENIES = /(?:^|[^a-z])(?:deny|denies|block|blocked|isolate|isolated|isolation|lockdown|quarantine)(?:[^a-z]|$)/i;
/** A policy that is to show what it would deny. */
const ONLY_OBSERVES = /(?:^|[^a-z])(?:audit|observe|monitor|dry-?run)(?:[^a-z]|$)/i;
const ALLOWS = /(?:^|[^a-z])(?:allow|allows|allowed|permit|open|except)(?:[^a-z]|$)/i;

function* deniesNothing(context: ManifestContext, part: Policy): Generator<ReturnType<typeof onValue>> {
  const sections = DIRECTIONS.flatMap((direction) => part[direction] ?? []);
  const entries = entriesOf(part);
  if (entries.some(({ rule: entry }) => entry.action === 'Deny' && !isEmptyEntry(entry))) return;
  const name = quote(part.name);
  if (sections.length > 0 && !sections.some(({ isolates }) => isolates)) {
    yield onValue(
      context,
      [...part.at.body, 'enableDefaultDeny'],
      `${name} denies nothing: with 'enableDefaultDeny' false it isolates no pods, and no deny entry matches anything. Remove 'enableDefaultDeny', or write the entries under 'ingressDeny' and 'egressDeny'.`,
    );
    return;
  }
  for (const { direction, rule: entry } of entries) {
    if (!isWide(entry)) continue;
    const what = entry.peers !== 'any' && entry.peers.some(isAll) ? `all ${direction}` : `all pods of its scope, on every port,`;
    yield onValue(context, entry.path, `${name} allows ${what} in this entry. To allow nothing, write '- {}'.`, {
      fixes: emptied(context, entry),
    });
  }
}

/** Everything, or every pod, on every port. */
function isWide({ peers, ports }: Rule): boolean {
  return ports === 'any' && (peers === 'any' || peers.some((peer) => isAll(peer) || isEveryPod(peer)));
}

function emptied({ at }: ManifestContext, { path }: Rule): readonly Fix[] {
  const node = at(path);
  return node?.kind === 'map' ? [{ title: "Write '{}', which allows nothing", edits: [replace(node.span, '{}')], safe: false }] : [];
}

function* allowsNothing(context: ManifestContext, part: Policy): Generator<ReturnType<typeof onValue>> {
  for (const direction of DIRECTIONS) {
    const rules = part[direction]?.rules ?? [];
    if (rules.length === 0 || !rules.every((entry) => entry.action === 'Accept' && isEmptyEntry(entry))) continue;
    const [first] = rules;
    if (!first || asMap(context.at(first.path))?.pairs.length !== 0) continue;
    yield onValue(
      context,
      first.path,
      `${quote(part.name)} allows no ${direction}: an empty entry matches nothing and isolates the selected pods. For all pods of the scope write '${peersField(direction)}: [{}]', for everything '${direction === 'ingress' ? 'fromEntities' : 'toEntities'}: [all]'.`,
      { fixes: filled(context, first, direction) },
    );
  }
}

/** A name or a description that promises connections within a namespace. */
const WITHIN_NAMESPACE =
  /(?:^|[^a-z])(?:intra|same|within|own|inside)[-_ ]?(?:(?:the|their|its|same|own)[-_ ])*(?:namespace|ns)(?:[^a-z]|$)/i;

function* allowsOtherNamespaces(context: ManifestContext, part: Policy): Generator<ReturnType<typeof onValue>> {
  const description = stringOf(context.at([...part.at.body, 'description'])) ?? '';
  const wording = [part.name, description].find((text) => WITHIN_NAMESPACE.test(text));
  if (wording === undefined) return;
  for (const { direction, rule: entry } of entriesOf(part)) {
    const open = entry.action !== 'Accept' || entry.peers === 'any' ? undefined : entry.peers.find(isEveryPod);
    if (!open) continue;
    const who = wording === part.name ? quote(part.name) : `${quote(part.name)}, by its description about one namespace,`;
    const message = `${who} allows connections ${direction === 'ingress' ? 'from' : 'to'} the pods of every namespace: in a CiliumClusterwideNetworkPolicy, '{}' selects all pods of the cluster. Write a CiliumNetworkPolicy in each namespace, where '{}' selects the pods of that namespace.`;
    yield onValue(context, open.path, message);
  }
}

function peersField(direction: Direction): string {
  return direction === 'ingress' ? 'fromEndpoints' : 'toEndpoints';
}

function filled({ at }: ManifestContext, { path }: Rule, direction: Direction): readonly Fix[] {
  const node = at(path);
  const text = `{${peersField(direction)}: [{}]}`;
  return node?.kind === 'map' && node.flow
    ? [{ title: `Write '${peersField(direction)}: [{}]'`, edits: [replace(node.span, text)], safe: false }]
    : [];
}
