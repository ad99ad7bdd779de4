import { describeNamespaces } from '../../model/describe-selector.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { unproved, withCaveat } from '../unproved.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../../analysis/selector-misses.ts';

const rule: WorkspaceRule = {
  name: 'namespace-selector-matches-nothing',
  scope: 'workspace',
  severity: 'information',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A namespace selector that matches no namespace of this workspace.',
  why: 'Other namespaces of this workspace have the same label with other values, so the value may be misspelled, or the namespace is not labeled yet. Until then, the selector matches nothing.',
  *check(context) {
    for (const { of, kind, scope, path, unseen } of missesIn(context)) {
      // The empty selector takes every namespace; where none is here, they are just not in this workspace.
      if (kind !== 'no-namespace' || scope.kind === 'own' || scope.selector.requirements.length === 0) continue;
      const so = of === 'subject' ? 'this policy selects no pods' : 'this peer selects no pods';
      const message = `This workspace has no ${describeNamespaces(scope.selector)}, so ${so}. Correct the selector, or label the namespace.`;
      yield onValue(context, path, withCaveat(message, unseen), unproved(unseen));
    }
  },
};

export default rule;
