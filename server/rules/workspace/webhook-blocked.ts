import { distributionOf } from '../../analysis/distribution.ts';
import { workloadName } from '../../eval/names.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { mayAccept } from '../../analysis/required-connections/open-to.ts';
import type { Target } from '../../analysis/required-connections/targets.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { policiesOfAnyApi } from '../about.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'webhook-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'A webhook or an aggregated API server that the API server cannot reach.',
  why: 'The API server calls webhooks itself, and on most clusters from the address of a control-plane node: no selector of pods or namespaces matches it. Where the call is denied, objects that need the webhook cannot be created or changed. Some managed clusters connect it through an agent, which is a pod in kube-system (konnectivity-agent).',
  *check(context) {
    yield* blockedFindings(context, 'webhook', (blocked) => {
      const { required, target } = blocked;
      const name = workloadName(target.workload.value);
      const fixes = allowSource(context, { ...blocked, source: undefined }, `Allow ${target.protocol} ${target.port} from any source`);
      const start = `The API server calls ${name} for ${required.name}`;
      if (isOpenToAgent(context, target)) {
        const message = `${start}, and only pods are allowed to connect. That is enough where an agent in kube-system connects the API server (konnectivity-agent); otherwise ${connectionName(blocked, 'its address')} is denied. ${way(context)}`;
        return { message, severity: 'information', fixes };
      }
      return {
        message: `${start}, but ${connectionName(blocked, 'addresses outside')} is denied by this policy, and the API server is not a pod. ${way(context)}`,
        fixes,
      };
    });
  },
};

export default rule;

/**
 * OpenShift lets a namespaceSelector mean the host network, and the API server in it (docs.redhat.com, "Network policy", label
 * policy-group.network.openshift.io/host-network).
 */
function way({ cluster }: WorkspaceContext): string {
  return distributionOf(cluster).isOpenShift
    ? "Allow that port from a namespaceSelector with the label policy-group.network.openshift.io/host-network: '', which means the host network on OpenShift."
    : 'Allow that port from an ipBlock with its address, or from any source.';
}

/** Do policies allow the agent that connects the API server on some managed clusters? */
function isOpenToAgent(context: WorkspaceContext, { workload, protocol, port }: Target): boolean {
  const evaluation = context.evaluation();
  const id = evaluation.space.classOf.get(workload.value) ?? -1;
  return mayAccept(evaluation, 'ingress', id, { kind: 'pod', ...AGENT, protocol, port });
}

const AGENT = { namespace: { [NAME_LABEL]: 'kube-system' }, labels: { 'k8s-app': 'konnectivity-agent' }, complete: true } as const;
