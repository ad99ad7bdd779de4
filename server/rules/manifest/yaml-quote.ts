import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-quote',
  summary: 'A quote that is not closed, or an escape that does not exist.',
  why: 'YAML reads on to the end of the document in search of the closing quote; the API server rejects it.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        namespace: "shop
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
        namespace: "shop"
      spec:
        podSelector: {}
    `,
  ],
  companions: ['invalid-name', 'yaml-syntax'],
});

export default rule;
