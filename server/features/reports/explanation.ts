import { plain } from '../../base/english.ts';
import { PATH_ORDER } from '../../model/policy.ts';
import type { Finding } from '../../rules/finding.ts';
import { rejectionNotes, type RejectedPolicy } from '../../rules/rejected.ts';
import type { Cluster, ManifestKey } from '../../workspace/cluster.ts';
import type { Endpoint } from '../../eval/evaluate.ts';
import { explain, type Explanation, type Step } from '../../eval/explain.ts';
import { policyOfStep, STEP_WORDS, verdictReason } from '../../eval/verdict-reason.ts';
import { remediations } from '../../eval/remediations.ts';

import type { Protocol } from '../../base/ports.ts';
import { type Part, type Report, reportLink, reportText } from './report.ts';

const VERDICTS = {
  allow: 'allowed',
  deny: 'denied',
  undefined: 'undefined: policies of equal priority have different actions',
  unknown: 'unknown: a policy that may decide is not evaluated',
} as const;

/** Why one connection is allowed or denied, step by step, each step with a link to its rule. */
export function explanationReport(
  cluster: Cluster,
  from: Endpoint,
  to: Endpoint,
  protocol: Protocol,
  port: number,
  isRejected: (key: ManifestKey) => Finding | undefined,
): Report {
  const answer = explain(cluster, from, to, protocol, port);
  const found = { ...answer, notes: [...answer.notes, ...rejectionNotes(cluster, rejectedIn(answer, isRejected), answer, from, to)] };
  const titleOf = (name: (text: string) => string): string =>
    `${name(found.from)} → ${name(found.to)} ${protocol}/${port}: ${VERDICTS[found.verdict]}`;
  const title = titleOf(plain);
  const parts: Part[] = [`# ${titleOf(reportText)}\n\n${reportText(verdictReason(found))}\n`];
  for (const direction of PATH_ORDER) parts.push(...directionParts(found, direction));
  if (found.notes.length > 0) parts.push('\n', ...found.notes.map((note) => `Note: ${reportText(note)}\n`));
  const ways = remediations(cluster, from, to, protocol, port);
  if (ways.length > 0)
    parts.push(`\n## To ${found.verdict === 'allow' ? 'deny' : 'allow'} it\n\n`, ...ways.map(({ title: way }) => `- ${reportText(way)}\n`));
  return { title, parts };
}

/** The policies of an explanation that the API server rejects. */
function rejectedIn({ steps }: Explanation, isRejected: (key: ManifestKey) => Finding | undefined): readonly RejectedPolicy[] {
  const policies = new Map(steps.flatMap(({ at }) => (at ? [[at.key, at.policy] as const] : [])));
  return [...policies].flatMap(([key, policy]) => {
    const finding = isRejected(key);
    return finding ? [{ key, policy, finding }] : [];
  });
}

function directionParts({ from, to, steps }: Explanation, direction: Step['side']): Part[] {
  const head = direction === 'egress' ? `\n## Leaving ${reportText(from)}\n\n` : `\n## Entering ${reportText(to)}\n\n`;
  const lines = steps
    .filter((step) => step.side === direction)
    .flatMap((step): Part[] => [
      '- ',
      `${step.tier}: ${step.policy === undefined ? 'allowed' : `${STEP_WORDS[step.action]} `}`,
      ...byWhom(step),
      `. ${reportText(step.whyShort)}\n`,
    ]);
  return [head, ...lines];
}

function byWhom(step: Step): Part[] {
  const { at, unevaluated } = step;
  const policy = policyOfStep(step);
  if (unevaluated !== undefined && policy !== undefined) return [reportLink(reportText(policy), unevaluated, ['metadata', 'name'])];
  return at && policy !== undefined ? [reportLink(reportText(policy), at.key, at.path)] : [];
}
