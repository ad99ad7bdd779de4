import { bitMembers } from '../../eval/bits.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { count } from '../../base/english.ts';
import type { Policy } from '../../model/policy.ts';
import { policiesOfAnyApi } from '../about.ts';
import { onKey } from '../draft.ts';
import { apiCallers, podsPlace, type ApiCaller } from '../../analysis/required-connections/api-callers.ts';
import { apiServerAccess, type ApiServerAccess } from '../../analysis/required-connections/api-server-access.ts';
import { denyingPolicies } from '../../analysis/required-connections/open-to.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'api-server-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'Pods with permissions in the API server whose egress to it is denied.',
  why: 'A binding gives the service account of these pods permissions in the API server, so they most likely call it. On most clusters the API server is not a pod, and no selector matches it: the Service kubernetes.default (TCP 443) forwards to addresses of nodes, usually on TCP 6443. Policies see the connection after the address and the port of the Service have been replaced.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy?.value.egress) return;
    const { cluster } = context;
    const callers = apiCallers(cluster);
    if (callers.size === 0) return;
    const evaluation = context.evaluation();
    const found = bitMembers(subjectBits(evaluation.space, policy.value)).flatMap((id): readonly Blocked[] => {
      const own = (evaluation.space.classes[id]?.members ?? []).flatMap((workload) => callers.get(workload) ?? []);
      if (own.length === 0 || denying(evaluation, id)?.policy.key !== policy.key) return [];
      const access = apiServerAccess(evaluation, cluster, id);
      return access === 'open' ? [] : own.map((caller) => ({ caller, access }));
    });
    const [first] = found;
    if (!first) return;
    const at = denying(evaluation, evaluation.space.classOf.get(first.caller.workload.value) ?? -1);
    const more = found.length > 1 ? ` The same is true for ${count(found.length - 1, 'more workload')}.` : '';
    yield onKey(context, at?.path ?? policy.value.at.egress, `${messageFor(first)}${more}`, {
      severity: severityOf(policy.value, first),
      related: [first.caller.reason, podsPlace(first.caller.workload)],
    });
  },
};

export default rule;

interface Blocked {
  readonly caller: ApiCaller;
  readonly access: Exclude<ApiServerAccess, 'open'>;
}

/** Whoever lists what may be reached has forgotten this one. A policy that only denies says nothing about what others will allow. */
function severityOf({ egress }: Policy, { access }: Blocked): 'warning' | 'information' {
  return access === 'denied' && (egress?.rules.length ?? 0) === 0 ? 'information' : 'warning';
}

function messageFor({ caller: { workload }, access }: Blocked): string {
  const name = workloadName(workload.value);
  const start = `Workload ${name} calls the API server with service account '${workload.value.account ?? ''}'`;
  switch (access) {
    case 'service-port':
      return `${start}, and this policy allows TCP 443 only. That is the port of the Service kubernetes.default; where the API server listens on 6443, that port is what policies see, and the calls are denied. Allow TCP 6443 too.`;
    case 'service-address':
      return `${start}, and this policy allows only the address of the Service kubernetes.default. Policies see the address of a control-plane node instead, usually on TCP 6443, and deny it. Allow that address.`;
    case 'selector':
      return `${start}, and this policy allows only pods. The API server is not a pod that selectors match, so the calls are denied. Allow its address with an ipBlock, usually on TCP 6443.`;
    case 'denied':
      return `${start}, but ${name} -> addresses outside TCP 443 and 6443 is denied by this policy, and the API server is not a pod. Allow egress to its address, if the pods call it.`;
  }
}

function denying(evaluation: Evaluation, id: number): ReturnType<typeof denyingPolicies>[number] | undefined {
  return denyingPolicies(evaluation, 'egress', [id, evaluation.space.classes.length], { protocol: 'TCP', port: 6443 })[0];
}
