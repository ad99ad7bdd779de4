import { workloadName } from '../../eval/names.ts';
import { policiesOfAnyApi } from '../about.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'metrics-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'Metrics that Prometheus collects from pods that it cannot reach.',
  why: 'An annotation or a monitor requests the metrics of these pods, but every Prometheus of the workspace is denied; or the workspace has none, and no pod of another namespace is allowed. The target is down, and its graphs and alerts are empty.',
  *check(context) {
    yield* blockedFindings(context, 'scrape', (blocked) => {
      const { required, target, direction, source } = blocked;
      const name = workloadName(target.workload.value);
      if (!source) {
        const unknown = `${required.name} requests the metrics of ${name}, but neither pods of other namespaces nor addresses outside the cluster can reach it on ${target.protocol} ${target.port}. Allow Prometheus.`;
        return { message: unknown, severity: 'information' };
      }
      const way = direction === 'ingress' ? 'Allow Prometheus on this port.' : 'Allow egress from Prometheus to it.';
      return {
        message: `Prometheus cannot collect the metrics of ${name}: this policy denies ${connectionName(blocked, 'Prometheus')}. ${way}`,
        fixes: allowSource(context, blocked, 'Allow Prometheus'),
      };
    });
  },
};

export default rule;
