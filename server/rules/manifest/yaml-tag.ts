import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tag',
  summary: 'A tag that the value does not fit.',
  why: 'The tag says of what type the value is; where that is not so, the API server rejects the document.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {}
        ingress:
          - ports:
              - port: !!int http
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
        podSelector: {}
        ingress:
          - ports:
              - port: http
    `,
  ],
  companions: ['wrong-type'],
});

export default rule;
