import { list, quote } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { declaredAt, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'egress-named-port',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  yieldsTo: ['cilium-port-support'],
  summary: 'A port name in egress that stands for different numbers at the destinations.',
  why: 'In egress, a port name is looked up at each destination. Where the destinations give it different numbers, some network plugins apply one of them, or skip the rule. Numbers mean the same everywhere.',
  *check(context) {
    for (const use of portUsesIn(context)) {
      if (use.direction !== 'egress' || use.port.kind !== 'named') continue;
      const { name, protocol } = use.port;
      const byNumber = new Map(
        declaredAt(use).flatMap((one) =>
          one.port.name === name && (protocol ?? one.port.protocol) === one.port.protocol ? [[one.port.port, one] as const] : [],
        ),
      );
      if (byNumber.size < 2) continue;
      const words = [...byNumber].map(([number, { workload }]) => `${number} at ${workloadName(workload.value)}`);
      const message = `The port name ${quote(name)} is ${list(words, 'and', 3)}, and network plugins differ in what they do with it in egress. Write the numbers.`;
      const related = [...byNumber].slice(0, 4).map(([number, { workload, port }]) => ({
        key: workload.key,
        path: port.path,
        message: `Port ${number} at ${workloadName(workload.value)}.`,
      }));
      yield onValue(context, portPath(use, context), message, { related });
    }
  },
};

export default rule;
