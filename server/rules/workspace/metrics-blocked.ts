import { workloadName } from '../../eval/names.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'metrics-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'Metrics that Prometheus collects from pods that it cannot reach.',
  why: 'An annotation or a monitor asks for the metrics of these pods, but every Prometheus of the workspace is denied; or none is here, and no pod from elsewhere is let in. Nothing fails loudly: the target is down, and its graphs and alerts are empty.',
  *check(context) {
    yield* blockedFindings(context, 'scrape', (blocked) => {
      const { required, target, direction, source } = blocked;
      const name = workloadName(target.workload.value);
      if (!source) {
        const unknown = `${required.name} asks for the metrics of ${name}, but neither pods of other namespaces nor addresses outside may reach it on ${target.protocol} ${target.port}. Let Prometheus in.`;
        return { message: unknown, severity: 'information' };
      }
      const way = direction === 'ingress' ? 'Let Prometheus in on that port.' : 'Allow Prometheus egress to it.';
      return {
        message: `The metrics of ${name} cannot be collected: ${connectionName(blocked, 'Prometheus')} is denied here. ${way}`,
        fixes: allowSource(context, blocked, 'Let Prometheus in'),
      };
    });
  },
};

export default rule;
