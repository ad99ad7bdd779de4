import { workloadName } from '../../eval/names.ts';
import { policiesOfAnyApi } from '../about.ts';
import { allowSource, blockedFindings, connectionName } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'service-client-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'A workload is configured to connect to a Service that policies deny it.',
  why: 'The environment, arguments, command or probes of the pod, or a ConfigMap that it reads, name the Service, so it opens connections to it. Policies see them at the pods behind the Service. Where they are denied, the client runs into timeouts, and an init container or a Job retries forever.',
  *check(context) {
    yield* blockedFindings(context, 'client', (blocked) => {
      const { required, source, target, direction } = blocked;
      const client = source ? workloadName(source.workload.value) : 'The client';
      const fix = direction === 'ingress' ? 'Allow that source on that port.' : 'Allow egress to it.';
      return {
        message: `Workload ${client} is configured to connect to ${required.name}, but ${connectionName(blocked, client)} is denied by this policy. ${fix}`,
        fixes: allowSource(
          context,
          blocked,
          direction === 'ingress' ? `Allow ${client}` : `Allow egress to ${workloadName(target.workload.value)}`,
        ),
      };
    });
  },
};

export default rule;
