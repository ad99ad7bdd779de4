import { bitMembers } from '../../eval/bits.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Placed } from '../../workspace/cluster.ts';
import { count } from '../../base/english.ts';
import { onKey } from '../draft.ts';
import type { Related } from '../../analysis/related.ts';
import { knownCallers } from '../../analysis/required-connections/known-callers.ts';
import { denyingPolicies, isFullyReadable, isOpenToOutside, mayAccept, mayPass } from '../../analysis/required-connections/open-to.ts';
import type { WorkspaceRule } from '../rule.ts';
import { policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'api-server-blocked',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  summary: 'Pods with permissions in the API server whose egress to it is denied.',
  why: 'A binding gives the service account of these pods rights at the API server, so they most likely call it. It is no pod on most clusters: behind the Service kubernetes.default stand addresses of nodes, usually on TCP 6443 or 443.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy?.value.egress) return;
    const { cluster } = context;
    const callers = apiCallers(cluster);
    if (callers.size === 0) return;
    const evaluation = context.evaluation();
    const cut = bitMembers(subjectBits(evaluation.space, policy.value)).flatMap((id) => {
      const own = (evaluation.space.classes[id]?.members ?? []).flatMap((workload) => callers.get(workload) ?? []);
      return own.length > 0 && isCut(evaluation, cluster, id) && settles(evaluation, id)?.policy.key === policy.key ? own : [];
    });
    const [first] = cut;
    if (!first) return;
    const denying = settles(evaluation, evaluation.space.classOf.get(first.workload.value) ?? -1);
    const name = workloadName(first.workload.value);
    const more = cut.length > 1 ? ` The same goes for ${count(cut.length - 1, 'more workload')}.` : '';
    const message = `${name} cannot call the API server, where its service account '${first.workload.value.account ?? ''}' has rights: ${name} -> addresses outside TCP 443 and 6443 is denied here, and the API server is no pod. Allow egress to its address, if the pods call it.${more}`;
    const pods = { key: first.workload.key, path: first.workload.value.labelsPath, message: `The pods of ${name}` };
    yield onKey(context, denying?.path ?? policy.value.at.egress, message, { related: [first.reason, pods] });
  },
};

interface ApiCaller {
  readonly workload: Placed<Workload>;
  readonly reason: Related;
}

type ApiCallers = ReadonlyMap<Workload, ApiCaller>;

const memo = new WeakMap<Cluster['workloads'], { readonly callers: Cluster['callers']; readonly found: ApiCallers }>();

/** The workloads whose service account some binding gives rights. */
function apiCallers({ callers, workloads }: Cluster): ApiCallers {
  const known = memo.get(workloads);
  if (known?.callers === callers) return known.found;
  const found = new Map(findCallers(callers, workloads).map((one) => [one.workload.value, one]));
  memo.set(workloads, { callers, found });
  return found;
}

function findCallers(callers: Cluster['callers'], workloads: Cluster['workloads']): readonly ApiCaller[] {
  const bound = new Map<string, Related>();
  for (const { key, value } of callers) {
    for (const call of value.calls) {
      const message = `${value.kind} ${value.name} gives '${call.kind === 'api' ? call.account : ''}' rights at the API server`;
      if (call.kind === 'api') bound.set(`${call.namespace}/${call.account}`, { key, path: call.path, message });
    }
  }
  return workloads.flatMap((workload): readonly ApiCaller[] => {
    const { account, namespace, hostNetwork } = workload.value;
    const reason = account === undefined || hostNetwork ? undefined : bound.get(`${namespace}/${account}`);
    return reason ? [{ workload, reason }] : [];
  });
}

/** kubernetes/website `ports-and-protocols.md` (6443); managed clusters (443); minikube (8443); MicroK8s (16443). */
const PORTS = [443, 6443, 8443, 16443].map((port) => ({ protocol: 'TCP', port }) as const);

const API_SERVER = { namespace: { [NAME_LABEL]: 'kube-system' }, labels: { component: 'kube-apiserver' } };

function isCut(evaluation: Evaluation, cluster: Cluster, id: number): boolean {
  const { apiServers } = knownCallers(cluster);
  return (
    isFullyReadable(evaluation, 'egress', id) &&
    PORTS.every(
      (at) =>
        !isOpenToOutside(evaluation, 'egress', id, at) &&
        !mayAccept(evaluation, 'egress', id, { kind: 'outside', ...at }) &&
        !mayAccept(evaluation, 'egress', id, { kind: 'pod', ...API_SERVER, ...at }) &&
        !apiServers.some(({ workload }) => mayPass(evaluation, id, evaluation.space.classOf.get(workload.value) ?? -1, at)),
    )
  );
}

function settles(evaluation: Evaluation, id: number): ReturnType<typeof denyingPolicies>[number] | undefined {
  return denyingPolicies(evaluation, 'egress', [id, evaluation.space.classes.length], { protocol: 'TCP', port: 6443 })[0];
}

export default rule;
