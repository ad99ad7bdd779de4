import { capital } from '../../base/english.ts';
import { explain, type Explanation, type Step } from '../../eval/explain.ts';
import { EXPECT } from '../../syntax/expectation.ts';
import { expectationsOf, type Checkable } from '../../analysis/expectations.ts';
import type { Related } from '../../analysis/related.ts';
import { denies } from '../../analysis/precedence/decisions.ts';
import { stepText } from '../../analysis/witness/pairs.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'expectation-failed',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  inText: EXPECT,
  summary: 'An expectation in a comment that does not hold.',
  why: 'The comment is a test of the policies. Either the policies have changed and no longer do what they were written for, or the comment is outdated.',
  companions: ['port-not-exposed'],
  *check(context) {
    for (const one of expectationsOf(context)) {
      const explanation = one.kind === 'checkable' ? failure(one, context.cluster) : undefined;
      if (one.kind !== 'checkable' || !explanation) continue;
      const { span } = one.expectation;
      // An unknown answer is not a failure, but the expectation guards nothing.
      const severity = explanation.verdict === 'unknown' ? { severity: 'warning' as const } : {};
      yield { span, path: [], message: words(one, explanation), related: related(explanation), ...severity };
    }
  },
};

/** The explanation of the first question whose answer is not what is expected. */
function failure({ questions, expected }: Checkable, cluster: Parameters<typeof explain>[0]): Explanation | undefined {
  for (const { from, to, port } of questions) {
    const explanation = explain(cluster, { from, to, protocol: expected.protocol, port });
    if (explanation.verdict !== expected.verdict) return explanation;
  }
  return undefined;
}

const PARTICIPLES = { allow: 'allowed', deny: 'denied' } as const;

function words({ expected: expectation }: Checkable, explanation: Explanation): string {
  const { verdict, from, to, protocol, port, steps } = explanation;
  const connection = `${from} -> ${to} ${protocol}/${port}`;
  const expected = `Expected ${PARTICIPLES[expectation.verdict]}`;
  if (verdict === 'undefined')
    return `${expected}, but the verdict is undefined, since two policies of equal priority have different actions: ${connection}. Change one of the priorities.`;
  if (verdict === 'unknown')
    return `${expected}, but the verdict is unknown: ${connection}. ${capital(steps.find(({ action }) => action === 'Unknown')?.why ?? 'the verdict depends on what the manifests do not contain.')}`;
  const step = deciding(steps, verdict);
  return `${expected}, but it is ${PARTICIPLES[verdict]}: ${connection}.${step ? ` ${stepText(step)}` : ''} Correct the policies or the expectation.`;
}

/** The step that decides a denial; for an allowed connection, the deciding step at the destination. */
function deciding(steps: readonly Step[], verdict: 'allow' | 'deny'): Step | undefined {
  if (verdict === 'deny') return steps.find(denies);
  return steps.findLast(({ action }) => action === 'Allow' || action === 'Accept');
}

function related({ steps }: Explanation): readonly Related[] {
  return steps.flatMap((step) =>
    step.at ? [{ key: step.at.key, path: step.at.path, message: `${capital(step.side)}: ${stepText(step)}` }] : [],
  );
}

export default rule;
