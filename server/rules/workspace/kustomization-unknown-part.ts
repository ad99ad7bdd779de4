import { buildProblems } from '../findings/build-problems.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'kustomization-unknown-part',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  aboutBuilds: true,
  summary: 'A part of a kustomization that cannot be built offline: a remote base, a Helm chart, a plugin.',
  why: 'The objects in it are not known, so the cluster is known in part. Findings that something is missing are not reported for it, and verdicts may depend on policies in that part.',
  noFix: 'Nothing is wrong; this tells you what the verdicts cannot take into account.',
  check: (context) => buildProblems(context, ['kustomization-unknown']),
};

export default rule;
