import { workloadName } from '../../eval/names.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'ingress-backend-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'An Ingress or a Gateway route to pods that its controller cannot reach.',
  why: 'The controller of an Ingress, or the proxy of a Gateway, opens its own connection to the pods. Policies see that one, with the controller as its source and the port of the pod; who called from outside does not matter to them.',
  *check(context) {
    yield* blockedFindings(context, 'ingress', (blocked) => {
      const { required, source, target, direction } = blocked;
      const name = workloadName(target.workload.value);
      if (required.outside === 'only') {
        const message = `${required.name} is served by a load balancer outside the cluster, but no address outside may reach ${name} on ${target.protocol} ${target.port}: this policy allows only pods. Allow that port from an ipBlock with the addresses of the load balancer.`;
        return { message };
      }
      if (!source) {
        const unknown = `${required.name} leads to ${name}, but neither pods of other namespaces nor addresses outside may reach it on ${target.protocol} ${target.port}. Let the controller in that serves it.`;
        return { message: unknown, severity: 'information' };
      }
      const way = direction === 'ingress' ? 'Let the controller in on that port.' : 'Allow the controller egress to it.';
      return {
        message: `${required.name} leads nowhere: ${connectionName(blocked, 'its controller')} is denied here. ${way}`,
        fixes: allowSource(context, blocked, 'Let the controller in'),
      };
    });
  },
};

export default rule;
