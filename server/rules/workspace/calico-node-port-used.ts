import { has } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { workloadName } from '../../eval/names.ts';
import { selects } from '../../model/selector.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'calico-node-port-used',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A rule names the node port of a Service instead of the port of the pods.',
  why: 'A packet to a node port is translated before it reaches the pod, so the policies of the pod see the port of the container. Only preDNAT policies of host endpoints see the node port.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy?.value.ingress || policy.value.notInForce) return;
    const { space } = context.evaluation();
    const subject = subjectBits(space, policy.value);
    for (const { ports } of policy.value.ingress.rules) {
      for (const port of ports === 'any' ? [] : ports) {
        if (port.kind !== 'range' || port.from !== port.to) continue;
        for (const { key, value } of context.cluster.services) {
          const front = value.ports.find(({ nodePort, protocol }) => nodePort === port.from && protocol === port.protocol);
          const { selector } = value;
          if (!front || !selector) continue;
          const behind = context.cluster.workloads.find(
            ({ value: pod }) =>
              pod.namespace === value.namespace &&
              selects(selector, pod.labels) &&
              has(subject, space.classOf.get(pod) ?? -1) &&
              !pod.ports.some((own) => own.port === port.from && own.protocol === port.protocol),
          );
          if (!behind) continue;
          const message = `Port ${port.from} is the node port of Service ${value.name}, but policies see the port of the pod: ${workloadName(behind.value)} listens on ${front.targetPort}. Write ${front.targetPort}.`;
          yield onValue(context, port.at[0] ?? port.path, message, {
            related: [{ key, path: front.path, message: 'The Service that has this node port.' }],
          });
        }
      }
    }
  },
};

export default rule;
