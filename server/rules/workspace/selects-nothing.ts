import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { describePods } from '../../model/describe-selector.ts';
import { either, ofApi, podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { unproved, withDoubt } from '../unproved.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';

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
      const message = `This policy selects nothing: this workspace has no ${describePods(scope, pods)}${only}. ${way}`;
      yield onValue(context, path, withDoubt(message, unseen), {
        ...unproved(unseen),
        related: workloads
          .slice(0, 3)
          .map(({ key, value }) => ({ key, path: value.labelsPath, message: `Workload ${workloadName(value)} has these labels.` })),
      });
    }
  },
};

export default rule;
