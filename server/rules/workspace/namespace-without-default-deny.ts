import { count } from '../../base/english.ts';
import { hygieneProfile, openPlaces, opennessOf } from '../../analysis/precedence/namespace-isolation.ts';
import { onValue } from '../draft.ts';
import { forOpen } from '../../analysis/witness/instance.ts';
import type { WorkspaceRule } from '../rule.ts';
import { workloadList } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'namespace-without-default-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  roles: ['namespace', 'policy'],
  summary: 'A namespace with policies in which some workloads accept connections from all sources.',
  why: 'Pods that no policy selects are open to all. A default deny (podSelector {} and no rules) closes whatever is not opened, also for workloads that come later.',
  *check(context) {
    const found = opennessOf(context, 'ingress');
    // Where all are open nobody has begun to close the namespace; `unprotected-workload` tells of that where it is wanted.
    if (!found || found.open.length === 0 || found.closed.length === 0) return;
    const { name, open, closed } = found;
    const message = `Namespace ${name} has no default deny: policies close ${workloadList(closed)}, but ${workloadList(open)} ${open.length === 1 ? 'takes' : 'take'} connections from everywhere (${open.length} of ${count(open.length + closed.length, 'workload')})${forOpen(context.evaluation(), open, 'ingress')}. Add a NetworkPolicy with podSelector {} and policyTypes [Ingress] (template netpol-default-deny-ingress).`;
    yield onValue(context, ['metadata', 'name'], message, { related: openPlaces(found), ...hygieneProfile(context) });
  },
};

export default rule;
