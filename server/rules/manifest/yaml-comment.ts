import { yaml } from '../examples.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-comment',
  summary: 'A comment without a space before it.',
  why: 'YAML reads the # as part of what stands before it; here the API server cannot read on.',
  bad: [{ yaml: yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {}#all
    ` }],
  good: [
    yaml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
      spec:
        podSelector: {} # all
    `,
  ],
  companions: ['yaml-syntax'],
});

export default rule;
