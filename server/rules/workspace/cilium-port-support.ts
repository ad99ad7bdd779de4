import { policyIn } from '../../analysis/selection.ts';
import { pluginLimits, type PluginLimit } from '../../eval/plugin-limits.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-port-support',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: podPolicies,
  summary: 'A port range, a port name or SCTP that the Cilium of the cluster does not handle as the policy says.',
  why: 'Cilium stores nothing in the policy to say so: before 1.16 it ignores `endPort`; before 1.20 it looks up a port name of an egress rule at all pods of the cluster and skips the port where they give different numbers to it; and SCTP has to be enabled when Cilium is installed.',
  noFix: 'Numbers mean the same in every version, but only the author knows which ones are meant.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy) return;
    for (const { kind, path, message } of pluginLimits(context.cluster, policy.value)) {
      yield onValue(context, path, `${message} ${FIXES[kind]}`, kind === 'SCTP' ? { severity: 'information', profile: 'strict' } : {});
    }
  },
};

export default rule;

const FIXES: Readonly<Record<PluginLimit['kind'], string>> = {
  'port range': "List the ports one by one, or correct 'netpol.cilium.version'.",
  'port name': 'Write the numbers.',
  SCTP: 'Make sure that it is enabled.',
};
