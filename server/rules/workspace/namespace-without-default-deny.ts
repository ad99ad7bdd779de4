import { count } from '../../base/english.ts';
import { hygieneProfile, notIsolatedPlaces, namespaceIsolation } from '../../analysis/precedence/namespace-isolation.ts';
import { onValue } from '../draft.ts';
import { forAllowed } from '../../analysis/witness/instance.ts';
import type { WorkspaceRule } from '../rule.ts';
import { workloadList } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'namespace-without-default-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  roles: ['namespace', 'policy'],
  summary: 'A namespace with policies in which some workloads accept connections from all sources.',
  why: 'Pods that no policy selects accept connections from all sources. A default deny (podSelector {} and no rules) denies everything that no other policy allows, also for workloads that are added later.',
  *check(context) {
    const found = namespaceIsolation(context, 'ingress');
    // If no workload is isolated, the namespace is not meant to be isolated; `unprotected-workload` reports that in the strict profile.
    if (!found || found.notIsolated.length === 0 || found.isolated.length === 0) return;
    const { name, notIsolated, isolated } = found;
    const [all, is] = [notIsolated.length + isolated.length, notIsolated.length === 1 ? 'is' : 'are'];
    const message = `Namespace ${name} has no default deny: policies isolate ${workloadList(isolated)}, but all sources may connect to ${workloadList(notIsolated)} (${notIsolated.length} of ${count(all, 'workload')} ${is} not isolated)${forAllowed(context.evaluation(), notIsolated, 'ingress')}. Add a NetworkPolicy with podSelector {} and policyTypes [Ingress] (template netpol-default-deny-ingress).`;
    yield onValue(context, ['metadata', 'name'], message, { related: notIsolatedPlaces(found), ...hygieneProfile(context) });
  },
};

export default rule;
