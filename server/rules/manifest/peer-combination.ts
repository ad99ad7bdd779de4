import { list, quote } from '../../base/english.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import { np } from '../examples.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'peer-combination',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An ipBlock beside a selector in one peer.',
  why: 'The API server rejects it. A peer is either addresses or pods; for both write two items, which then add up.',
  bad: [
    {
      yaml: np`
        podSelector: {}
        ingress:
          - from:
              - ipBlock:
                  cidr: 10.0.0.0/8
                podSelector: {}
      `,
    },
  ],
  good: [
    np`
      podSelector: {}
      ingress:
        - from:
            - ipBlock:
                cidr: 10.0.0.0/8
            - podSelector: {}
    `,
  ],
  *check({ issues, at }) {
    for (const issue of issues) {
      if (issue.keyword !== 'excludes') continue;
      const map = asMap(at(issue.at));
      const block = pairOf(map, issue.params.key ?? '');
      const others = list((issue.params.keys ?? []).map((name) => quote(name)));
      const span = block && map?.pairs.includes(block) && at(issue.at)?.kind === 'map' ? block.key.span : issue.span;
      yield { span, path: issue.path, message: `An 'ipBlock' cannot stand beside ${others} in one peer; the API server rejects it. Put a dash before it to make it a peer of its own.` };
    }
  },
};

export default rule;
