import { count } from '../../base/english.ts';
import { notIsolatedPlaces, namespaceIsolation } from '../../analysis/precedence/namespace-isolation.ts';
import { onValue } from '../draft.ts';
import { forAllowed } from '../../analysis/witness/instance.ts';
import type { WorkspaceRule } from '../rule.ts';
import { workloadList } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'namespace-without-egress-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  roles: ['namespace', 'policy'],
  summary: 'A namespace with policies in which some workloads may connect to all destinations.',
  why: 'Policies for ingress do not limit egress, and an attacker who takes over a pod can send data to any destination. A default deny for egress denies everything that no other policy allows, also for workloads that are added later; DNS has to be allowed in addition.',
  *check(context) {
    const found = namespaceIsolation(context, 'egress');
    if (!found || found.notIsolated.length === 0) return;
    const { name, notIsolated, isolated } = found;
    const beside = isolated.length === 0 ? '' : `policies isolate ${workloadList(isolated)}, but `;
    const message = `Namespace ${name} has no default deny for egress: ${beside}${workloadList(notIsolated)} can connect to all destinations (${notIsolated.length} of ${count(notIsolated.length + isolated.length, 'workload')})${forAllowed(context.evaluation(), notIsolated, 'egress')}. Add one that allows DNS (template netpol-default-deny-keep-dns).`;
    yield onValue(context, ['metadata', 'name'], message, { related: notIsolatedPlaces(found) });
  },
};

export default rule;
