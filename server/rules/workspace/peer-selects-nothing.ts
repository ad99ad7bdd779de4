import { describePods } from '../../model/describe-selector.ts';
import { either, ofApi, podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { unproved, withCaveat } from '../unproved.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';

const rule: WorkspaceRule = {
  name: 'peer-selects-nothing',
  scope: 'workspace',
  severity: 'information',
  about: either(podPolicies, ofApi('antrea', 'policy')),
  confidence: 'medium',
  yieldsTo: ['labels-never-together', 'labels-on-controller'],
  summary: 'A peer that matches no workload of this workspace.',
  why: 'The peer looks like a permission but matches nothing. The workspace has other workloads of that namespace, so the ones that are meant may have been removed or have other labels.',
  *check(context) {
    for (const { of, kind, scope, pods, path, unseen } of missesIn(context)) {
      if (of !== 'peer' || kind !== 'nothing') continue;
      const message = `This peer selects nothing: the manifests of this cluster have no ${describePods(scope, pods)}. Correct the selector, or remove the peer if they are gone.`;
      yield onValue(context, path, withCaveat(message, unseen), unproved(unseen));
    }
  },
};

export default rule;
