import { list, quote } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { holds } from '../../model/selector.ts';
import { factsIn, namespacesIn } from '../../analysis/selection.ts';
import { missesIn } from '../../analysis/selector-misses.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'labels-never-together',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A selector whose labels all exist, but on different pods.',
  why: 'All labels of a selector must be on one pod (AND). Where each is on another pod, the selector matches nothing. For pods with one label or the other, write a peer for each.',
  *check(context) {
    const facts = factsIn(context);
    for (const { kind, scope, pods, path, unseen } of missesIn(context)) {
      const required = pods.requirements.filter(({ operator }) => operator === 'In');
      if (kind !== 'nothing' || unseen !== undefined || required.length < 2 || required.length !== pods.requirements.length) continue;
      const candidates = namespacesIn(facts, scope).flatMap((name) => facts.workloadsIn.get(name) ?? []);
      const owned = required.flatMap((requirement) => {
        const owner = candidates.find(({ value }) => holds(requirement, value.labels));
        return owner ? [{ requirement, owner }] : [];
      });
      if (owned.length < required.length) continue;
      const words = owned.map(
        ({ requirement: { key, values }, owner }) => `${quote(`${key}=${values.join(' or ')}`)} is on ${workloadName(owner.value)}`,
      );
      const message = `This selector matches no pod: ${list(words)}, and no pod has all of these labels. Remove the label that does not belong, or write a peer for each.`;
      const related = owned.slice(0, 3).map(({ owner }) => ({
        key: owner.key,
        path: owner.value.labelsPath,
        message: `Workload ${workloadName(owner.value)} has these labels.`,
      }));
      yield onValue(context, path, message, { related });
    }
  },
};

export default rule;
