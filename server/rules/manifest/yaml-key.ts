import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-key',
  summary: 'A key that is no text.',
  why: 'A key must be text: the API server rejects a missing key, and a list or a map as key.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector:
          matchLabels:
            ~: web
    `,
    },
  ],
  good: [
    yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector:
          matchLabels:
            app: web
    `,
  ],
});

export default rule;
