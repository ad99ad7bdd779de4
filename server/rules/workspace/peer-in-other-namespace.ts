import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { POD_NAMESPACE } from '../../model/cilium/label-key.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { describeSelector } from '../../model/describe-selector.ts';
import { insertField, scalarText } from '../../syntax/edit.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import { asMap } from '../../syntax/tree.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { unproved, withCaveat } from '../unproved.ts';
import type { Fix } from '../finding.ts';
import { mergedPeers } from '../repair/list-fixes.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { missesIn, type Miss } from '../../analysis/selector-misses.ts';
import { factsIn, namespacesIn, policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'peer-in-other-namespace',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A peer that names no namespace and matches pods only in other ones.',
  why: "A podSelector without a namespaceSelector selects pods in the policy's own namespace. The pods with these labels run in other namespaces, so the peer matches nothing. In a Cilium policy the label `k8s:io.kubernetes.pod.namespace` names the namespace.",
  yieldsTo: ['suspected-or'],
  *check(context) {
    const misses = missesIn(context);
    // Where the pods of the policy itself are: then its own namespace is the mistake.
    const moved = new Set(
      misses
        .flatMap(({ of, kind, workloads }) => (of === 'subject' && kind === 'nothing' ? workloads : []))
        .map(({ value }) => value.namespace),
    );
    for (const miss of misses) {
      const { kind, pods, path, workloads, scope, unseen } = miss;
      if (kind !== 'elsewhere' || scope.kind !== 'own' || workloads.some(({ value }) => moved.has(value.namespace))) continue;
      const names = [...new Set(workloads.map(({ value }) => value.namespace))].toSorted();
      const places = `${names.length === 1 ? 'namespace' : 'namespaces'} ${list(names, 'and', 3)}`;
      const only = `The workspace has no ${describeSelector(pods)} in namespace ${scope.namespace}, only in ${places}`;
      const before = wholeBefore(context, miss, names);
      const related = workloads
        .slice(0, 3)
        .map(({ key, value }) => ({ key, path: value.labelsPath, message: `Workload ${workloadName(value)} has these labels.` }));
      const message = before
        ? `${only}, where the previous item allows every pod. Either item matches; merge them into one item, so that a pod must match both.`
        : `${only}. ${withoutNamespace(context, names[0] ?? '')}`;
      yield onValue(context, path, withCaveat(message, unseen), {
        ...unproved(unseen),
        related: before ? [{ path: before, message: 'The previous item.' }, ...related] : related,
        fixes: [
          ...(before ? mergedPeers(context, before, path.slice(0, -1)) : []),
          ...names.slice(0, 3).flatMap((name) => fix(context, path, name)),
        ],
      });
    }
  },
};

/** The peer just before, if it is nothing but a namespaceSelector, for all the namespaces that the pods are in. */
function wholeBefore(context: WorkspaceContext, { rule: of, path, scope }: Miss, names: readonly string[]): Path | undefined {
  const peers = of === undefined || of.peers === 'any' ? [] : of.peers;
  const before = peers[peers.findIndex((peer) => peer.kind === 'pods' && peer.namespaces === scope && samePath(peer.pods.path, path)) - 1];
  if (
    before?.kind !== 'pods' ||
    before.namespaces.kind !== 'selected' ||
    before.pods.unreadable !== undefined ||
    before.pods.requirements.length > 0
  )
    return undefined;
  const whole = namespacesIn(factsIn(context), before.namespaces);
  return names.every((name) => whole.includes(name)) ? before.path : undefined;
}

function withoutNamespace(context: WorkspaceContext, namespace: string): string {
  const means = "this peer selects pods in the policy's own namespace and matches nothing";
  return policyIn(context)?.value.api === 'cilium'
    ? `Without a label for the namespace, ${means}. Add '${CILIUM_NAMESPACE}: ${namespace}' to its labels.`
    : `Without a namespaceSelector, ${means}. Add a namespaceSelector.`;
}

const CILIUM_NAMESPACE = `k8s:${POD_NAMESPACE}`;

/** A selector of Cilium names the namespace among the labels of the pods. */
function ciliumFix({ at, text }: WorkspaceContext, path: Path, namespace: string): readonly Fix[] {
  const labels = asMap(at([...path, 'matchLabels']));
  if (!labels || labels.flow || labels.pairs.length === 0) return [];
  const edit = insertField(text, labels, CILIUM_NAMESPACE, scalarText(namespace), { first: true });
  return [{ title: `Select namespace ${namespace}`, edits: [edit], safe: false }];
}

function fix(context: WorkspaceContext, path: Path, namespace: string): readonly Fix[] {
  const { at, text } = context;
  if (policyIn(context)?.value.api === 'cilium') return ciliumFix(context, path, namespace);
  const peer = asMap(at(path.slice(0, -1)));
  if (!peer || peer.flow) return [];
  const value = `matchLabels:\n  ${NAME_LABEL}: ${scalarText(namespace)}`;
  return [
    { title: `Select namespace ${namespace}`, edits: [insertField(text, peer, 'namespaceSelector', value, { first: true })], safe: false },
  ];
}

export default rule;
