import { workloadName } from '../../eval/names.ts';
import { policiesOfAnyApi } from '../about.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'ingress-backend-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'An Ingress or a Gateway route to pods that its controller cannot reach.',
  why: 'The controller of an Ingress, or the proxy of a Gateway, opens its own connection to the pods. Policies see this connection, with the controller as its source and the port of the pod; the client outside the cluster is not part of it.',
  *check(context) {
    yield* blockedFindings(context, 'ingress', (blocked) => {
      const { required, source, target, direction } = blocked;
      const name = workloadName(target.workload.value);
      if (required.outside === 'only') {
        const message = `${required.name} is served by a load balancer outside the cluster, but no address outside the cluster can reach ${name} on ${target.protocol} ${target.port}: this policy allows only pods. Allow that port from an ipBlock with the addresses of the load balancer.`;
        return { message };
      }
      if (!source) {
        const unknown = `${required.name} routes to ${name}, but neither pods of other namespaces nor addresses outside the cluster can reach it on ${target.protocol} ${target.port}. Allow its controller.`;
        return { message: unknown, severity: 'information' };
      }
      const way = direction === 'ingress' ? 'Allow the controller on this port.' : 'Allow egress from the controller to it.';
      return {
        message: `${required.name} cannot reach its backend: this policy denies ${connectionName(blocked, 'its controller')}. ${way}`,
        fixes: allowSource(context, blocked, 'Allow the controller'),
      };
    });
  },
};

export default rule;
