import { list, quote } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { declaredAt, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'named-port-ambiguous',
  scope: 'workspace',
  severity: 'information',
  about: podPolicies,
  confidence: 'high',
  profile: 'strict',
  summary: 'A named port that stands for different numbers at different pods.',
  why: 'The rule allows a different port number at each of these pods. This is what names are for; check it if one number was meant.',
  *check(context) {
    for (const use of portUsesIn(context)) {
      // In egress it is worse than ambiguous, and another rule says so.
      if (use.port.kind !== 'named' || use.direction === 'egress') continue;
      const { name, protocol } = use.port;
      const byNumber = new Map(
        declaredAt(use).flatMap((one) =>
          one.port.name === name && (protocol ?? one.port.protocol) === one.port.protocol ? [[one.port.port, one] as const] : [],
        ),
      );
      if (byNumber.size < 2) continue;
      const words = [...byNumber].map(([number, { workload }]) => `${number} at ${workloadName(workload.value)}`);
      yield onValue(
        context,
        portPath(use, context),
        `The port name ${quote(name)} is ${list(words, 'and', 3)}. If one number is meant, write it.`,
        {
          related: [...byNumber].slice(0, 4).map(([number, { workload, port }]) => ({
            key: workload.key,
            path: port.path,
            message: `Port ${number} at ${workloadName(workload.value)}.`,
          })),
        },
      );
    }
  },
};

export default rule;
