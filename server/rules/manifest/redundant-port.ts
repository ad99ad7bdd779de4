import type { PortMatch, Rule } from '../../model/policy.ts';
import { redundantParts } from '../redundancy/covered.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import { rulesIn } from '../parts.ts';
import { removal } from '../repair/remove-item.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-port',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  summary: 'A port that the other ports of the rule include.',
  why: 'It changes nothing; often another protocol or another number was meant.',
  bad: [
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - ports:
          - {port: 8000, endPort: 8100, protocol: TCP}
          - {port: 8080, protocol: TCP}
         #^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ adds nothing
      `,
      fixed: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - ports:
          - {port: 8000, endPort: 8100, protocol: TCP}
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      policyTypes: [Ingress]
      ingress:
      - ports:
        - {port: 53, protocol: TCP}
        - {port: 53, protocol: UDP}
    `,
  ],
  *check(context) {
    for (const { rule, direction } of rulesIn(context.policy)) {
      if (rule.ports === 'any') continue;
      const parts = rule.ports.filter(({ kind }) => kind !== 'unreadable').map(alone);
      for (const { part, covers } of redundantParts(parts, direction)) {
        const others =
          covers.length === 1
            ? `item ${Number(covers[0]?.path.at(-1)) + 1} of the list already includes it`
            : 'the other items already include it';
        const related = covers.map(({ path }) => ({ path, message: 'Includes it' }));
        yield onKey(context, part.path, `This port adds nothing: ${others}.`, {
          unnecessary: true,
          related,
          fixes: removal(context, part.path, 'Remove the port'),
        });
      }
    }
  },
};

export default rule;

/** The rule that has this port only. */
function alone(port: PortMatch): Rule {
  return { action: 'Accept', peers: 'any', ports: [port], path: port.path };
}
