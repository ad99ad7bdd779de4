import { describePods } from '../../model/describe.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';

const rule: WorkspaceRule = {
  name: 'peer-selects-nothing',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'A peer that matches no workload of this workspace.',
  why: 'The rule looks like an opening but lets nobody in or out. Other workloads of that namespace are here, so the ones it means may be gone or have other labels.',
  *check(context) {
    for (const { of, kind, scope, pods, path } of missesIn(context)) {
      if (of !== 'peer' || kind !== 'nothing') continue;
      yield onValue(
        context,
        path,
        `This peer matches nothing here: there are no ${describePods(scope, pods)}. Correct the selector, or remove the peer if they are gone.`,
      );
    }
  },
};

export default rule;
