import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-colon',
  summary: 'A line has no colon.',
  why: 'Without a colon the line is no field; YAML joins it with the next line, and the API server rejects the document.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector
        policyTypes: [Ingress]
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
        policyTypes: [Ingress]
    `,
  ],
  companions: ['yaml-syntax', 'wrong-type', 'missing-spec', 'yaml-nesting', 'select-all-by-default'],
});

export default rule;
