import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { declaredAt, isDeclared, numberOf, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import { factsIn, policyIn, workloadsPicked } from '../../analysis/selection.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'own-port-in-egress',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'An egress rule names the port of the source pods instead of the destination.',
  why: 'The ports of an egress rule are those of the destination. The source opens connections from a port that the kernel picks, whatever its containers listen on.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy) return;
    const own = workloadsPicked(factsIn(context), policy.subject.namespaces, policy.subject.pods);
    for (const use of portUsesIn(context)) {
      const number = numberOf(use.port);
      if (use.direction !== 'egress' || use.port.kind !== 'range' || number === undefined || isDeclared(use, number, use.port.protocol))
        continue;
      const { protocol } = use.port;
      if (use.destinations.some(({ value }) => value.ports.length === 0)) continue;
      if (own.length === 0 || !own.every(({ value }) => value.ports.some((one) => one.port === number && one.protocol === protocol)))
        continue;
      const declared = declaredAt(use);
      const numbers = list([...new Set(declared.map(({ port }) => `${port.protocol} ${port.port}`))], 'or', 4);
      const name = own[0] ? workloadName(own[0].value) : 'the source';
      const [first] = declared;
      const message = `${protocol} ${number} is a port of ${name} itself, and the ports of an egress rule are those of the destination, which declares ${numbers}. Name that port.`;
      yield onValue(context, portPath(use, context), message, {
        related: first ? [{ key: first.workload.key, path: first.port.path, message: 'This is the port of the destination.' }] : [],
      });
    }
  },
};

export default rule;
