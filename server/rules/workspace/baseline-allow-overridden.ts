import { count } from '../../base/english.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import { policyName } from '../../eval/names.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import { fatesOf, type RuleFate } from '../../analysis/witness/rule-fate.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'baseline-allow-overridden',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A Baseline rule that allows connections which NetworkPolicies deny.',
  why: 'The Baseline tier is a default: it applies only to pods that no NetworkPolicy isolates in that direction. For an isolated pod, NetworkPolicies alone decide, and an allow in the Baseline tier has no effect.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isAfterIsolation(policy) || policy.unreadable.length > 0) return;
    for (const direction of DIRECTIONS) {
      for (const allow of policy[direction]?.rules ?? []) {
        if (allow.action !== 'Accept' || allow.peers === 'any' || !isReadable(policy, allow.path)) continue;
        const byPod = new Map<Workload, RuleFate[]>();
        for (const fate of fatesOf(context.evaluation(), policy, allow, direction))
          byPod.set(fate.own, [...(byPod.get(fate.own) ?? []), fate]);
        const closed = [...byPod.values()].filter((fates) => fates.every(({ deniedBy }) => deniedBy?.action === 'Isolated'));
        const first = closed[0]?.[0];
        yield undefined;
        if (!first?.deniedBy) continue;
        const by = first.deniedBy.policy;
        const more = closed.length > 1 ? ` The same is true for ${count(closed.length - 1, 'more workload')}.` : '';
        const message = `The Baseline tier does not apply to pods that a NetworkPolicy isolates: ${pairWords(first.connection)} stays denied by ${policyName(by.value)}. Allow it in a NetworkPolicy, or in the Admin tier if it must hold.${more}`;
        yield onKey(context, allow.path, message, {
          related: [{ key: by.key, path: by.value.subject.path, message: `Isolates these pods for ${direction}.` }],
        });
      }
    }
  },
};

export default rule;
