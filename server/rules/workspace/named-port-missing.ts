import { list, quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { workloadName } from '../../eval/names.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import { declaredAt, portNode, portPath, portUsesIn } from '../../analysis/port-uses.ts';
import type { WorkspaceRule } from '../rule.ts';
import { likeScalar } from '../../syntax/edit.ts';

const rule: WorkspaceRule = {
  name: 'named-port-missing',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A named port that none of the pods at the destination declares.',
  why: 'A port name is resolved among the container ports of the destination. Where no container declares it, the rule matches nothing. The port names of a Service are not used.',
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
      const way =
        guess === undefined ? 'Use the name of one of its container ports, or write the number.' : `The closest match is ${quote(guess)}.`;
      const node = portNode(use, context);
      yield onValue(
        context,
        portPath(use, context),
        `No container port is named ${quote(name)}: ${owners} ${declares} ${has}, so the rule matches nothing. ${way}`,
        {
          related: use.destinations.slice(0, 3).map(({ key, value }) => ({
            key,
            path: value.ports[0]?.path ?? value.labelsPath,
            message: `The ports of ${workloadName(value)}.`,
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
