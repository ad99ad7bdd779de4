import type { Connection } from '../../eval/connection.ts';
import { plain } from '../../base/english.ts';
import { PATH_ORDER } from '../../model/policy.ts';
import type { Finding } from '../../rules/finding.ts';
import { rejectionNotes, type RejectedPolicy } from '../../rules/rejected.ts';
import type { Cluster, ManifestKey } from '../../workspace/cluster.ts';
import { explain, type Explanation, type Step } from '../../eval/explain.ts';
import { policyOfStep, stepWords, verdictReason } from '../../eval/verdict-reason.ts';
import { remediations } from '../../eval/remediations.ts';

import { heading, paragraph, reportLink, titled, type Block, type Inline, type ReportItem, type Report, type Tone } from './report.ts';

const VERDICTS = {
  allow: 'allowed',
  deny: 'denied',
  undefined: 'undefined: policies of equal priority have different actions',
  unknown: 'unknown: a policy that may decide is not evaluated',
} as const;

/** Why one connection is allowed or denied, step by step, each step with a link to its rule. */
export function explanationReport(cluster: Cluster, connection: Connection, isRejected: (key: ManifestKey) => Finding | undefined): Report {
  const answer = explain(cluster, connection);
  const found = { ...answer, notes: [...answer.notes, ...rejectionNotes(cluster, rejectedIn(answer, isRejected), answer, connection)] };
  return reportOfExplanation(
    found,
    remediations(cluster, connection).map(({ title }) => title),
  );
}

/** An explanation, and edits that would give the other verdict. */
export function reportOfExplanation(found: Explanation, ways: readonly string[]): Report {
  const { protocol, port } = found;
  const title = `${found.from} → ${found.to} ${protocol}/${port}: ${VERDICTS[found.verdict]}`;
  const blocks: Block[] = [
    titled(title),
    { kind: 'paragraph', content: [verdictReason(found)], tone: TONES[found.verdict] },
    ...PATH_ORDER.flatMap((direction) => directionBlocks(found, direction)),
    ...found.notes.map((note) => paragraph(`Note: ${note}`)),
  ];
  if (ways.length > 0) blocks.push(heading(`To ${found.verdict === 'allow' ? 'deny' : 'allow'} it`), { kind: 'remediations', items: ways });
  return { title: plain(title), blocks };
}

const TONES: Readonly<Record<Explanation['verdict'], Tone>> = { allow: 'allow', deny: 'deny', undefined: 'unknown', unknown: 'unknown' };

/** The policies of an explanation that the API server rejects. */
function rejectedIn({ steps }: Explanation, isRejected: (key: ManifestKey) => Finding | undefined): readonly RejectedPolicy[] {
  const policies = new Map(steps.flatMap(({ at }) => (at ? [[at.key, at.policy] as const] : [])));
  return [...policies].flatMap(([key, policy]) => {
    const finding = isRejected(key);
    return finding ? [{ key, policy, finding }] : [];
  });
}

function directionBlocks({ from, to, steps }: Explanation, direction: Step['side']): Block[] {
  const items = steps
    .filter((step) => step.side === direction)
    .map((step): ReportItem => ({
      content: [`${step.tier}: ${step.policy === undefined ? 'allowed' : `${stepWords(step)} `}`, ...byWhom(step), `. ${step.whyShort}`],
    }));
  return [
    heading(direction === 'egress' ? `Leaving ${from}` : `Entering ${to}`),
    ...(items.length > 0 ? [{ kind: 'list', items } as const] : []),
  ];
}

function byWhom(step: Step): Inline {
  const { at, unevaluated } = step;
  const policy = policyOfStep(step);
  if (unevaluated !== undefined && policy !== undefined) return [reportLink(policy, unevaluated, ['metadata', 'name'])];
  return at && policy !== undefined ? [reportLink(policy, at.key, at.path)] : [];
}
