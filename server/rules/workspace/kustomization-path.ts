import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-path',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'A path in a kustomization that leads nowhere, or back to itself.',
  why: 'kustomize refuses to build where a resource, patch or component is missing, is outside of the folder, or leads back to the kustomization. Nothing of it reaches the cluster.',
  noFix: 'Only the author knows which file was meant.',
  check: (context) => buildProblems(context, ['kustomization-path', 'kustomization-cycle']),
};

export default rule;
