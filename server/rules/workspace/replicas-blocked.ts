import { workloadName } from '../../eval/names.ts';
import { policiesOfAnyApi } from '../about.ts';
import { allowSource, blockedFindings } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'replicas-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: policiesOfAnyApi,
  confidence: 'medium',
  summary: 'Replicas of a StatefulSet cannot connect to each other.',
  why: 'The members of a database, queue or cache form a cluster: they find each other by their headless Service. A policy has to allow both the egress and the ingress of these connections, although source and destination have the same labels. Where it does not, no member joins, and none is elected.',
  *check(context) {
    yield* blockedFindings(context, 'replica', (blocked) => {
      const { target, direction } = blocked;
      const name = workloadName(target.workload.value);
      return {
        message: `The replicas of ${name} cannot connect to each other: this policy denies ${direction} between them on ${target.protocol} ${target.port}. Allow ${direction} ${direction === 'ingress' ? 'from' : 'to'} the same pods on that port.`,
        fixes: allowSource(context, blocked, `Allow ${direction} between the replicas`),
      };
    });
  },
};

export default rule;
