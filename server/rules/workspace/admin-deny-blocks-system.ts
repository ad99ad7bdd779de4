import { workloadName } from '../../eval/names.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Policy } from '../../model/policy.ts';
import { samePath } from '../../syntax/path.ts';
import { acceptDns } from '../repair/accept-dns.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { freePriorityBefore } from '../../analysis/precedence/tier-order.ts';
import { lockOutsOf, type LockOut, type LockOutWitness } from '../../analysis/required-connections/control-plane-impact.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'admin-deny-blocks-system',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A Deny in the Admin tier that cuts the pods of kube-system off.',
  why: 'A Deny in the Admin tier is final: no NetworkPolicy can open it again. If the subject takes in kube-system and no earlier rule lets the system through, the cluster loses its DNS, and its system pods the API server.',
  companions: ['deny-networks-blocks-pods'],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || !isReadable(policy.value, ['spec', 'tier'])) return;
    for (const cut of lockOutsOf(context, policy)) {
      if (isReadable(policy.value, ['spec', cut.direction])) yield finding(context, policy.value, cut);
    }
  },
};

export default rule;

function finding(context: WorkspaceContext, policy: Policy, cut: LockOut): Draft {
  const { witness, rule } = cut;
  const related: readonly Related[] = [
    { path: policy.subject.path, message: 'The subject takes in system pods' },
    ...(witness && typeof witness.to !== 'string'
      ? [{ key: witness.to.key, path: witness.to.value.labelsPath, message: 'The DNS of the cluster' }]
      : []),
  ];
  const effect = witness ? effectOn(cut, witness) : GUESSED[cut.of === 'outside' ? 'outside' : cut.direction];
  const message = `${effect} ${wayOut(context, policy, cut)}`;
  return onKey(context, [...rule.path, 'action'], message, { related, fixes: fixes(context, policy, cut) });
}

function effectOn({ direction, of }: LockOut, { from, to, protocol, port }: LockOutWitness): string {
  const denied = `${workloadName(from)} -> ${typeof to === 'string' ? to : workloadName(to.value)} ${protocol} ${port} is denied, whatever NetworkPolicies say.`;
  if (of === 'outside')
    return `This Deny cuts system pods off from everything outside the cluster, on most clusters the API server too: ${denied}`;
  return direction === 'ingress'
    ? `This Deny closes the DNS of the cluster: ${denied}`
    : `This Deny keeps system pods from the DNS: ${denied}`;
}

const GUESSED = {
  ingress: 'The subject takes in kube-system, and this Deny closes the DNS pods there (UDP 53), whatever NetworkPolicies say.',
  egress: 'The subject takes in kube-system, and this Deny keeps every pod from DNS (UDP 53), whatever NetworkPolicies say.',
  outside:
    'The subject takes in kube-system, and this Deny keeps the system pods there from everything outside the cluster, on most clusters the API server too.',
} as const;

function wayOut({ cluster }: WorkspaceContext, policy: Policy, cut: LockOut): string {
  const free = freePriorityBefore(cluster, policy);
  const before = free === undefined ? 'in a rule before it' : `in a rule before it, here or in a policy of priority ${free}`;
  const what = cut.of === 'dns' ? 'DNS' : 'the addresses of the API server';
  return `Accept ${what} ${before}, or leave ${systemNamespace(cut)} out of the subject.`;
}

/** The namespace whose pods are locked out. */
function systemNamespace({ witness, direction }: LockOut): string {
  if (!witness) return 'kube-system';
  return direction === 'ingress' && typeof witness.to !== 'string' ? witness.to.value.namespace : witness.from.namespace;
}

function fixes(context: WorkspaceContext, policy: Policy, cut: LockOut): readonly Fix[] {
  const accept = cut.of === 'dns' ? acceptDns(context, policy, cut.rule, cut.direction) : undefined;
  const apart = withoutNamespace(context, policy, systemNamespace(cut));
  return [accept, apart].filter((fix) => fix !== undefined);
}

/** Takes a namespace out of a subject that is written as every namespace: `namespaces: {}`. */
function withoutNamespace({ text, at }: WorkspaceContext, { subject }: Policy, name: string): Fix | undefined {
  const path = ['spec', 'subject', 'namespaces'];
  const span = at(path)?.span;
  if (!span || !samePath(subject.pods.path, path) || text.slice(span.start, span.end) !== '{}') return undefined;
  const put = `{matchExpressions: [{key: ${NAME_LABEL}, operator: NotIn, values: [${name}]}]}`;
  return { title: `Leave ${name} out of the subject`, edits: [{ ...span, text: put }], safe: false };
}
