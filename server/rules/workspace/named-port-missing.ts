import { list, quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { declaredAt, portNode, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import type { WorkspaceRule } from '../rule.ts';
import { likeScalar } from '../../syntax/edit.ts';

const rule: WorkspaceRule = {
  name: 'named-port-missing',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A named port that none of the pods at the destination declares.',
  why: 'The name of a port is looked up among the container ports of the destination. Where no container has it, the rule matches nothing. The names that a Service gives to its ports do not count.',
  *check(context) {
    for (const use of portUsesIn(context)) {
      if (use.port.kind !== 'named') continue;
      const { name } = use.port;
      const declared = declaredAt(use);
      if (declared.some(({ port }) => port.name === name)) continue;
      const names = [...new Set(declared.flatMap(({ port }) => port.name ?? []))];
      const [guess] = near(name, names);
      const owners = list(
        use.destinations.map(({ value }) => workloadName(value)),
        'and',
        3,
      );
      const has =
        names.length === 0
          ? 'no port by name'
          : list(
              names.map((one) => quote(one)),
              'and',
              5,
            );
      const declares = use.destinations.length === 1 ? 'declares' : 'declare';
      const way = guess === undefined ? 'Name one of its container ports, or write the number.' : `Did you mean ${quote(guess)}?`;
      const node = portNode(use, context);
      yield onValue(
        context,
        portPath(use, context),
        `No container port is named ${quote(name)}: ${owners} ${declares} ${has}, so this lets nothing through. ${way}`,
        {
          related: use.destinations.slice(0, 3).map(({ key, value }) => ({
            key,
            path: value.ports[0]?.path ?? value.labelsPath,
            message: `The ports of ${workloadName(value)}`,
          })),
          fixes:
            guess !== undefined && node?.kind === 'scalar'
              ? [{ title: `Change to ${guess}`, edits: [{ ...node.span, text: likeScalar(guess, node) }], safe: false }]
              : [],
        },
      );
    }
  },
};

export default rule;
