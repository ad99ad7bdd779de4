import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-merge',
  summary: 'A merge key whose value is no map.',
  why: 'The value of << must be a map or a list of maps; the API server rejects anything else.',
  bad: [{ yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        <<: all
        podSelector: {}
    ` }],
  good: [
    yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {}
    `,
  ],
});

export default rule;
