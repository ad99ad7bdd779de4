import type { Direction } from '../../model/policy.ts';
import { isNull } from '../../syntax/tree.ts';
import { allowAllRules, contradictsName } from '../allow-all.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import { subjectWords } from '../parts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'allow-all-rule',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  kinds: ['NetworkPolicy'],
  summary: 'A rule that lets everything through.',
  why: 'A rule without peers and ports allows every connection in its direction. Rules only add up, so no other NetworkPolicy can close again what it opens for these pods.',
  bad: [
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - {}
        # ^^ allows every connection
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      policyTypes: [Ingress]
      ingress: []
    `,
    np`
      podSelector: {}
      policyTypes: [Ingress]
      ingress:
      - ports:
        - {port: 80, protocol: TCP}
    `,
  ],
  *check(context) {
    const { policy, at } = context;
    if (!policy || contradictsName(policy)) return;
    for (const part of allowAllRules(policy)) if (!isNull(at(part.rule.path))) yield onValue(context, part.rule.path, messageFor(context, part.direction));
  },
};

export default rule;

function messageFor(context: ManifestContext, direction: Direction): string {
  const ways = direction === 'ingress' ? 'to' : 'from';
  return `This rule allows every connection ${ways} ${subjectWords(context)}; no other NetworkPolicy can close that again. Name peers or ports to narrow it.`;
}
