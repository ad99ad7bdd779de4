import { list, quote } from '../../base/english.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asScalar, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import { np } from '../examples.ts';
import type { Fix } from '../finding.ts';
import { selectorsIn } from '../parts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'namespace-by-name-label',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  summary: "Namespaces are chosen by a label 'name', which they have only if somebody gives it to them.",
  why: "Every namespace has the label kubernetes.io/metadata.name, set by the API server and immutable. A label 'name' is set by hand: where it is forgotten the rule matches nothing, and whoever may edit a namespace may give it any name.",
  bad: [
    {
      yaml: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - namespaceSelector:
              matchLabels:
                name: monitoring
              # ^^^^ kubernetes.io/metadata.name
      `,
      fixed: np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - namespaceSelector:
              matchLabels:
                kubernetes.io/metadata.name: monitoring
      `,
    },
  ],
  good: [
    np`
      podSelector:
        matchLabels:
          name: web
      policyTypes: [Ingress]
      ingress:
      - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
        - namespaceSelector:
            matchLabels:
              team: ops
    `,
  ],
  *check(context) {
    for (const { selector, of } of selectorsIn(context.policy)) {
      if (of !== 'namespace') continue;
      for (const { key, operator, values, path } of selector.requirements) {
        if (key !== 'name' || (operator !== 'In' && operator !== 'NotIn')) continue;
        const names = list(
          values.map((value) => quote(value)),
          'or',
          3,
        );
        const message = `Only namespaces that somebody labelled 'name' can match here. To choose ${names} by name, use ${NAME_LABEL}, which every namespace has.`;
        const at: Path = typeof path.at(-1) === 'number' ? [...path, 'key'] : path;
        yield onKey(context, at, message, { fixes: rename(context, path) });
      }
    }
  },
};

export default rule;

function rename({ at }: ManifestContext, path: Path): readonly Fix[] {
  const last = path.at(-1);
  const scalar = typeof last === 'number' ? asScalar(at([...path, 'key'])) : asScalar(pairOf(at(path.slice(0, -1)), String(last))?.key);
  if (!scalar) return [];
  return [{ title: `Use ${NAME_LABEL}`, edits: [replace(scalar.span, likeScalar(NAME_LABEL, scalar))], safe: false }];
}
