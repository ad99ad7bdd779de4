import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import { workloadName } from '../../eval/names.ts';
import type { Policy } from '../../model/policy.ts';
import { samePath } from '../../syntax/path.ts';
import { acceptDns } from '../repair/accept-dns.ts';
import { scalarText } from '../../syntax/edit.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { freePriorityBefore } from '../../analysis/precedence/tier-order.ts';
import {
  controlPlaneImpactsOf,
  type ControlPlaneImpact,
  type ImpactWitness,
} from '../../analysis/required-connections/control-plane-impact.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'admin-deny-blocks-system',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A Deny in the Admin tier blocks traffic that the pods of kube-system need.',
  why: 'A Deny in the Admin tier is final: no NetworkPolicy can override it. If the subject includes kube-system and no earlier rule accepts this traffic, cluster DNS fails, and system pods cannot reach the API server.',
  companions: ['deny-networks-blocks-pods'],
  *check(context) {
    const policy = policyIn(context);
    if (!policy || !policy.value.at.order.every((path) => isReadable(policy.value, path))) return;
    for (const impact of controlPlaneImpactsOf(context, policy)) {
      if (isReadable(policy.value, policy.value.at[impact.direction])) yield finding(context, policy.value, impact);
    }
  },
};

export default rule;

function finding(context: WorkspaceContext, policy: Policy, impact: ControlPlaneImpact): Draft {
  const { witness, rule } = impact;
  const related: readonly Related[] = [
    { path: policy.subject.path, message: 'The subject includes system pods.' },
    ...(witness && typeof witness.to !== 'string'
      ? [{ key: witness.to.key, path: witness.to.value.labelsPath, message: 'The DNS server of the cluster.' }]
      : []),
  ];
  const effect = witness ? effectOn(impact, witness) : GUESSED[impact.of === 'outside' ? 'outside' : impact.direction];
  const message = `${effect} ${actionFor(context, policy, impact)}`;
  return onKey(context, [...rule.path, 'action'], message, { related, fixes: fixes(context, policy, impact) });
}

function effectOn({ direction, of }: ControlPlaneImpact, { from, to, protocol, port }: ImpactWitness): string {
  const denied = `${workloadName(from)} -> ${typeof to === 'string' ? to : workloadName(to.value)} ${protocol} ${port} is denied, regardless of NetworkPolicies.`;
  if (of === 'outside')
    return `This Deny blocks connections of system pods to all addresses outside the cluster, on most clusters also to the API server: ${denied}`;
  return direction === 'ingress' ? `This Deny blocks cluster DNS: ${denied}` : `This Deny blocks DNS queries of system pods: ${denied}`;
}

const GUESSED = {
  ingress: 'The subject includes kube-system, and this Deny blocks the DNS pods there (UDP 53), regardless of NetworkPolicies.',
  egress: 'The subject includes kube-system, and this Deny blocks all DNS queries (UDP 53), regardless of NetworkPolicies.',
  outside:
    'The subject includes kube-system, and this Deny blocks connections of the system pods to all addresses outside the cluster, on most clusters also to the API server.',
} as const;

function actionFor({ cluster }: WorkspaceContext, policy: Policy, impact: ControlPlaneImpact): string {
  const free = freePriorityBefore(cluster, policy);
  const before = free === undefined ? 'in an earlier rule' : `in an earlier rule, of this policy or of one with priority ${free}`;
  const what = impact.of === 'dns' ? 'DNS' : 'the addresses of the API server';
  return `Accept ${what} ${before}, or exclude ${systemNamespace(impact)} from the subject.`;
}

/** The namespace whose pods are locked out. */
function systemNamespace({ witness, direction }: ControlPlaneImpact): string {
  if (!witness) return KUBE_SYSTEM;
  return direction === 'ingress' && typeof witness.to !== 'string' ? witness.to.value.namespace : witness.from.namespace;
}

function fixes(context: WorkspaceContext, policy: Policy, impact: ControlPlaneImpact): readonly Fix[] {
  const accept = impact.of === 'dns' ? acceptDns(context, policy, impact.rule, impact.direction) : undefined;
  const apart = withoutNamespace(context, policy, systemNamespace(impact));
  return [accept, apart].filter((fix) => fix !== undefined);
}

/** Takes a namespace out of a subject that is written as every namespace: `namespaces: {}`. */
function withoutNamespace({ text, at }: WorkspaceContext, { subject }: Policy, name: string): Fix | undefined {
  const path = [...subject.path, 'namespaces'];
  const span = at(path)?.span;
  if (!span || !samePath(subject.pods.path, path) || text.slice(span.start, span.end) !== '{}') return undefined;
  const put = `{matchExpressions: [{key: ${NAME_LABEL}, operator: NotIn, values: [${scalarText(name)}]}]}`;
  return { title: `Exclude ${name} from the subject`, edits: [{ ...span, text: put }], safe: false };
}
