import { quote } from '../../base/english.ts';
import type { Policy } from '../../model/policy.ts';
import { selects, type LabelSelector } from '../../model/selector.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { factsIn } from '../../analysis/selection.ts';
import type { Origin } from '../../syntax/tree.ts';
import { isKustomization } from '../../workspace/kustomization.ts';
import { originAt } from '../../workspace/kustomize/values.ts';
import { builtAt } from '../../workspace/snapshot.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'label-added-to-peer',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A label that a kustomization adds to a peer in another namespace.',
  why: 'With includeSelectors or commonLabels kustomize adds its labels to every podSelector.matchLabels of a NetworkPolicy, its peers included. The pods of another namespace, such as cluster DNS, do not get the label from this kustomization, so the rule matches none of them.',
  noFix:
    'Whether the label belongs on the pods of the policy only depends on what it is for: includeTemplates, or a patch, leaves peers alone.',
  *check(context) {
    const { key, resource } = context;
    const built = key === undefined ? undefined : builtAt(context.snapshot, key)?.built;
    if (!built || resource?.role !== 'policy') return;
    for (const { pods, namespace } of foreignPeers(resource.value)) {
      for (const { key: label, values, path } of pods.requirements) {
        if (!isFromKustomization(originAt(built.root, built.place, path)) || isSomewhere(context, pods)) continue;
        const pair = quote(`${label}=${values.join(',')}`);
        const message = `The kustomization adds ${pair} to this peer${namespace}, whose pods it does not build. The rule matches only pods with that label, and the workspace has none there. Use 'includeTemplates' instead of 'includeSelectors', or label those pods, too.`;
        yield onValue(context, path, message);
      }
    }
  },
};

/** The peers of a policy that are about pods of other namespaces. */
function* foreignPeers(policy: Policy): Generator<{ readonly pods: LabelSelector; readonly namespace: string }> {
  for (const section of [policy.ingress, policy.egress]) {
    for (const { peers } of section?.rules ?? []) {
      for (const peer of peers === 'any' ? [] : peers) {
        if (peer.kind !== 'pods' || peer.namespaces.kind !== 'selected') continue;
        yield { pods: peer.pods, namespace: ' in other namespaces' };
      }
    }
  }
}

/** Is the value written in a list of labels of a kustomization? */
function isFromKustomization({ written, path }: Origin): boolean {
  return written.field === undefined && isKustomization(written.uri) && ['labels', 'commonLabels'].includes(String(path[0]));
}

/** Has any known workload all the labels? */
function isSomewhere(context: WorkspaceContext, pods: LabelSelector): boolean {
  return [...factsIn(context).workloadsIn.values()].some((list) => list.some(({ value }) => selects(pods, value.labels)));
}

export default rule;
