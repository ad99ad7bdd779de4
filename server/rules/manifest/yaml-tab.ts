import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tab',
  summary: 'A tab is used for indentation.',
  why: 'YAML allows only spaces there; the API server rejects the document.',
  bad: [
    {
      yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
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
      spec:
        podSelector: {}
    `,
  ],
  companions: ['unknown-field', 'yaml-syntax', 'yaml-indentation', 'missing-spec', 'wrong-type'],
});

export default rule;
