import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { describePods } from '../../model/describe-selector.ts';
import { either, ofApi, podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { unproved, withCaveat } from '../unproved.ts';
import type { WorkspaceRule } from '../rule.ts';
import { namesakeOf } from '../../analysis/namesakes.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import type { Workload } from '../../model/workload.ts';

const rule: WorkspaceRule = {
  name: 'selects-nothing',
  scope: 'workspace',
  severity: 'information',
  about: either(podPolicies, ofApi('antrea', 'policy')),
  confidence: 'medium',
  yieldsTo: ['labels-never-together', 'labels-on-controller', 'wrong-namespace'],
  summary: 'A policy that selects no workload of this workspace.',
  why: 'The workspace has other workloads of the namespace, so the ones that are meant may have been removed or have other labels. The policy then protects nothing.',
  *check(context) {
    for (const { of, kind, scope, pods, path, workloads, unseen } of missesIn(context)) {
      if (of !== 'subject' || kind !== 'nothing') continue;
      const names = [...new Set(workloads.map(({ value }) => value.namespace))].toSorted();
      const only = names.length === 0 ? '' : `, only in ${names.length === 1 ? 'namespace' : 'namespaces'} ${list(names, 'and', 3)}`;
      const way =
        names.length === 0
          ? 'Correct the selector, or remove the policy if they are gone.'
          : 'Correct the namespace of the policy, or the selector.';
      const policy = policyIn(context)?.value;
      const meant = unseen || names.length > 0 || !policy ? undefined : namesakeOf(factsIn(context), policy, pods);
      const message = `This policy selects nothing: the manifests of this cluster have no ${describePods(scope, pods)}${only}. ${meant ? meantText(meant.value) : way}`;
      yield onValue(context, path, withCaveat(message, unseen), {
        ...unproved(unseen),
        ...(meant ? { severity: 'warning' } : {}),
        related: [
          ...(meant ? [{ key: meant.key, path: meant.value.labelsPath, message: `No policy selects ${workloadName(meant.value)}.` }] : []),
          ...workloads
            .slice(0, 3)
            .map(({ key, value }) => ({ key, path: value.labelsPath, message: `Workload ${workloadName(value)} has these labels.` })),
        ],
      });
    }
  },
};

/** The workload that the policy seems to be meant for is not isolated, which matters more than a policy too many. */
function meantText(workload: Workload): string {
  const labels = Object.entries(workload.labels)
    .filter(([key]) => !Object.hasOwn(workload.generatedLabels ?? {}, key))
    .map(([key, value]) => `${key}=${value}`);
  return `It seems to be meant for ${workloadName(workload)}, which no policy selects, so its pods are not isolated. They have ${labels.length === 0 ? 'no labels' : list(labels)}; select by these.`;
}

export default rule;
