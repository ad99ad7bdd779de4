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
  why: 'Policies for ingress say nothing of what pods may reach, and whoever takes over one of them may send what it finds anywhere. A default deny for egress closes whatever is not opened, also for workloads that come later; name lookups have to be allowed beside it.',
  *check(context) {
    const found = namespaceIsolation(context, 'egress');
    if (!found || found.notIsolated.length === 0) return;
    const { name, notIsolated, isolated } = found;
    const beside = isolated.length === 0 ? '' : `policies close ${workloadList(isolated)}, but `;
    const message = `Namespace ${name} has no default deny for egress: ${beside}${workloadList(notIsolated)} may open connections to everywhere (${notIsolated.length} of ${count(notIsolated.length + isolated.length, 'workload')})${forAllowed(context.evaluation(), notIsolated, 'egress')}. Add one that keeps name lookups (template netpol-default-deny-keep-dns).`;
    yield onValue(context, ['metadata', 'name'], message, { related: notIsolatedPlaces(found) });
  },
};

export default rule;
