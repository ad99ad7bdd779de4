import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-field',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'A kustomization with a field that kustomize does not know.',
  why: 'kustomize refuses to build a kustomization with an unknown field, so nothing of it reaches the cluster.',
  noFix: 'Only the author knows which field was meant.',
  check: (context) => buildProblems(context, ['kustomization-field']),
};

export default rule;
