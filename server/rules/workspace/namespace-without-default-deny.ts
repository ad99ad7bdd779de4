import { count } from '../../base/english.ts';
import { openPlaces, opennessOf } from '../../analysis/precedence/namespace-isolation.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import { forOpen } from '../../analysis/witness/instance.ts';
import type { WorkspaceRule } from '../rule.ts';
import { documents, namespace, pod } from '../workspace-examples.ts';
import { workloadList } from '../../analysis/selection.ts';

const some = np`
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
`;

const all = np`
  podSelector: {}
  policyTypes: [Ingress]
`;

const pods = [pod('shop', 'web', 'app: web'), pod('shop', 'db', 'app: db')];

const rule: WorkspaceRule = {
  name: 'namespace-without-default-deny',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  roles: ['namespace', 'policy'],
  summary: 'A namespace with policies, in which some workloads still take connections from everywhere.',
  why: 'Pods that no policy selects are open to all. A default deny (podSelector {} and no rules) closes whatever is not opened, also for workloads that come later.',
  bad: [{ yaml: documents(namespace('shop'), some, ...pods) }, { yaml: documents(some, ...pods) }],
  good: [documents(namespace('shop'), all, ...pods), documents(namespace('shop'), ...pods), documents(some, pods[0] ?? '')],
  *check(context) {
    const found = opennessOf(context, 'ingress');
    // Where all are open nobody has begun to close the namespace; `unprotected-workload` tells of that where it is wanted.
    if (!found || found.open.length === 0 || found.closed.length === 0) return;
    const { name, open, closed } = found;
    const message = `Namespace ${name} has no default deny: policies close ${workloadList(closed)}, but ${workloadList(open)} ${open.length === 1 ? 'takes' : 'take'} connections from everywhere (${open.length} of ${count(open.length + closed.length, 'workload')})${forOpen(context.evaluation(), open, 'ingress')}. Add a NetworkPolicy with podSelector {} and policyTypes [Ingress] (template netpol-default-deny-ingress).`;
    yield onValue(context, ['metadata', 'name'], message, { related: openPlaces(found) });
  },
};

export default rule;
