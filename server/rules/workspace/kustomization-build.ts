import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-build',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'A kustomization that kustomize refuses to build.',
  why: 'None of its objects are applied to the cluster.',
  noFix: 'What has to change depends on the message.',
  check: (context) => buildProblems(context, ['kustomization-build', 'kustomization-resource']),
};

export default rule;
