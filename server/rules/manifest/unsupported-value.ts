import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { asScalar, isNull, type Node } from '../../syntax/tree.ts';
import { cnp, np } from '../examples.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { choices, didYouMean, fieldName, valueName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'unsupported-value',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A value that is not among those the field may have.',
  why: 'The API server rejects the document. The values are compared letter by letter: tcp is not TCP, and each API has words of its own (Accept in ClusterNetworkPolicy, Allow in AdminNetworkPolicy).',
  bad: [
    {
      yaml: np`
        podSelector: {}
        ingress:
          - ports:
              - protocol: tcp
      `,
      fixed: np`
        podSelector: {}
        ingress:
          - ports:
              - protocol: TCP
      `,
    },
    {
      yaml: cnp`
        tier: Baseline
        priority: 10
        subject:
          namespaces: {}
        ingress:
          - action: Allow
            from:
              - namespaces: {}
      `,
      fixed: cnp`
        tier: Baseline
        priority: 10
        subject:
          namespaces: {}
        ingress:
          - action: Accept
            from:
              - namespaces: {}
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      ingress:
        - ports:
            - protocol: TCP
    `,
  ],
  *check({ issues }) {
    for (const { keyword, at, path, span, node, place } of issues) {
      if (keyword !== 'enum' || at.length === 1) continue;
      const values = place.schema.enum ?? [];
      const word = asScalar(node)?.text ?? '';
      const meant = SYNONYMS.get(word.toLowerCase())?.find((value) => values.includes(value)) ?? near(word, values)[0];
      const written = isNull(node) ? 'is empty' : `cannot be ${valueName(node).replace(/^the text /, '')}`;
      const hint =
        meant === undefined ? '' : meant === near(word, values)[0] ? didYouMean(word, values) : ` Here the word is ${quote(meant)}.`;
      yield {
        span,
        path,
        message: `${fieldName(at)} ${written}: the API server accepts only ${choices(values)}.${hint}`,
        fixes: fixes(node, meant),
      };
    }
  },
};

export default rule;

/** What other policy APIs say for the same thing. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['allow', ['Accept']],
  ['accept', ['Allow']],
  ['permit', ['Accept', 'Allow']],
  ['drop', ['Deny']],
  ['reject', ['Deny']],
  ['block', ['Deny']],
  ['skip', ['Pass']],
  ['baseline', ['Baseline']],
  ['in', ['Ingress']],
  ['out', ['Egress']],
]);

function fixes(node: Node | undefined, meant: string | undefined): readonly Fix[] {
  if (meant === undefined || node?.kind !== 'scalar' || node.hole) return [];
  return [
    {
      title: `Change to '${meant}'`,
      edits: [replace(node.span, node.style === 'literal' || node.style === 'folded' ? meant : likeScalar(meant, node))],
      safe: true,
    },
  ];
}
