import { contradictionIn } from '../../model/contradiction.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import { selectorsIn, type SelectorPart } from '../parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'contradictory-selector',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'The requirements of a selector exclude one another.',
  why: 'All requirements of a selector must hold at once. Where two of them cannot, the selector matches nothing: a policy protects nobody, or a rule lets nobody in.',
  bad: [
    {
      yaml: np`
        podSelector:
          matchLabels: {app: web}
          matchExpressions:
          - {key: app, operator: NotIn, values: [web]}
        policyTypes: [Ingress]
      `,
    },
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - podSelector:
          # ^^^^^^^^^^^ selects no pod
              matchExpressions:
              - {key: app, operator: In, values: [web]}
              - {key: app, operator: In, values: [api]}
      `,
    },
  ],
  good: [
    np`
      podSelector:
        matchExpressions:
        - {key: app, operator: In, values: [web, api]}
        - {key: app, operator: NotIn, values: [api]}
      policyTypes: [Ingress]
    `,
  ],
  *check(context) {
    for (const part of selectorsIn(context.policy)) {
      const clash = contradictionIn(part.selector);
      if (clash !== undefined) yield onKey(context, part.selector.path, `This selects no ${part.of}: ${clash}. ${effect(part)}`);
    }
  },
};

export default rule;

function effect({ rule }: SelectorPart): string {
  if (!rule) return 'So the policy applies to nothing; remove one of the two requirements.';
  return `The peer lets nobody in or out. For one or the other, write the values in one 'In' list, or use two peers.`;
}
