import { count, list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import { forPair } from '../instance.ts';
import { isClosed } from '../isolation.ts';
import { openPair } from '../pairs.ts';
import type { WorkspaceContext, WorkspaceRule } from '../rule.ts';
import { documents, namespace, pod } from '../workspace-examples.ts';
import { factsIn } from '../workspace-parts.ts';

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
    const name = placeOf(context);
    if (name === undefined) return;
    const { workloadsIn, policiesIn } = factsIn(context);
    const policies = policiesIn.get(name) ?? [];
    if (policies.length === 0) return;
    const workloads = (workloadsIn.get(name) ?? []).filter(({ value }) => !value.hostNetwork);
    const made = context.evaluation();
    const open = workloads.filter(({ value }) => !isClosed(made, value, 'ingress'));
    // Where all are open nobody has begun to close the namespace; `unprotected-workload` tells of that where it is wanted.
    if (open.length === 0 || open.length === workloads.length) return;
    const names = list([...new Set(open.map(({ value }) => workloadName(value)))], 'and', 3);
    const example = forPair(open.map(({ value }) => openPair(made, value, 'ingress')).find((pair) => pair !== undefined));
    const message = `Namespace ${name} has no default deny: ${names} ${open.length === 1 ? 'takes' : 'take'} connections from everywhere (${open.length} of ${count(workloads.length, 'workload')})${example}. Add a NetworkPolicy with podSelector {} and policyTypes [Ingress].`;
    yield onValue(context, ['metadata', 'name'], message, {
      related: open
        .slice(0, 3)
        .map(({ key, value }) => ({ key, path: value.labelsPath, message: `No policy closes ${workloadName(value)}` })),
    });
  },
};

/** The namespace to speak of: where it is defined, else at the first of its policies. */
function placeOf({ resource, key, ...context }: WorkspaceContext): string | undefined {
  if (resource?.role === 'namespace') return resource.value.name;
  if (resource?.role !== 'policy' || resource.value.namespace === undefined) return undefined;
  const { defined, policiesIn } = factsIn({ resource, key, ...context });
  const [first] = policiesIn.get(resource.value.namespace) ?? [];
  return !defined.has(resource.value.namespace) && first?.key === key ? resource.value.namespace : undefined;
}

export default rule;
