import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-patch',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'A patch, replacement or replica count of a kustomization that does not apply.',
  why: 'kustomize refuses to build where a patch names an object or a field that is not there. A target that matches nothing is accepted, and the patch changes nothing: a policy that it was meant to change stays as it was.',
  noFix: 'Only the author knows which object or field was meant.',
  check: (context) => buildProblems(context, ['kustomization-patch', 'kustomization-target']),
};

export default rule;
