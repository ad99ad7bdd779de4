import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-not-json',
  summary: 'A number that JSON cannot carry.',
  why: 'The API server turns YAML into JSON first; infinity and not-a-number have no place there.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        labels:
          app: .inf
      spec:
        podSelector: {}
    `,
    },
  ],
  good: [
    yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        labels:
          app: "inf"
      spec:
        podSelector: {}
    `,
  ],
});

export default rule;
