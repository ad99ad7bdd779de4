import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-duplicate',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'An object that a build of kustomize has twice.',
  why: 'kustomize refuses to build two objects with the same kind, namespace and name, so nothing of the kustomization reaches the cluster.',
  noFix: 'Only the author knows which of the two is meant.',
  check: (context) => buildProblems(context, ['kustomization-duplicate']),
};

export default rule;
