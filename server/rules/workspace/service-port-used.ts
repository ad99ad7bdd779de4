import { workloadName } from '../../eval/names.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { frontsOf, isDeclared, namesPort, numberOf, portNode, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'service-port-used',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A rule names the port of a Service instead of the port of the pods behind it.',
  why: 'Policies see a connection after the Service has been resolved, with the port on which the pod listens. A rule with the port of the Service matches nothing.',
  *check(context) {
    for (const use of portUsesIn(context)) {
      const number = numberOf(use.port);
      if (use.port.kind !== 'range' || number === undefined || isDeclared(use, number, use.port.protocol)) continue;
      const { protocol } = use.port;
      const [front] = frontsOf(use, number, protocol, context);
      if (!front || namesPort(use.rule, front.target, protocol)) continue;
      const { workload, target } = front;
      const name = workloadName(workload.value);
      const node = portNode(use, context);
      const message = `Port ${number} is that of Service ${front.service.value.name}, but policies see the port of the pod: ${name} listens on ${target}. Write ${target}.`;
      yield onValue(context, portPath(use, context), message, {
        related: [
          { key: front.service.key, path: front.port.path, message: `The Service forwards ${number} to ${target}.` },
          {
            key: workload.key,
            path: workload.value.ports.find(({ port }) => port === target)?.path ?? workload.value.labelsPath,
            message: `The port of ${name}.`,
          },
        ],
        fixes: node
          ? [{ title: `Change to ${target}, the port of the pods`, edits: [{ ...node.span, text: String(target) }], safe: false }]
          : [],
      });
    }
  },
};

export default rule;
