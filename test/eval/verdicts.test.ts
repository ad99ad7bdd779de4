import { describe, expect, test } from 'vitest';
import { explain, type Explanation } from '../../server/eval/explain.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { fixture } from '../fixture.ts';
import { clusterOf } from './cluster.ts';
import { endOf, readQuestion } from './question.ts';
import { TIERED, V1, WORLD } from './verdicts.ts';

describe('NetworkPolicy (SEMANTICS 4a)', () => test.each(Object.entries(V1))('%s', (_, policies) => checkVerdicts(policies)));
describe('tiers (SEMANTICS 4b)', () => test.each(Object.entries(TIERED))('%s', (_, policies) => checkVerdicts(policies)));

/** Holds every `#? from -> to PROTOCOL/port: allow|deny|undefined [by POLICY]` of the fixture against the explanation. */
function checkVerdicts(policies: string): void {
  const { files, expectations } = fixture(`${WORLD}\n---\n${policies}`);
  const cluster = clusterOf(Object.fromEntries(files.map(({ name, text }) => [name, text])));
  expect(expectations.length).toBeGreaterThan(0);
  expect(expectations.map((expectation) => answerTo(cluster, expectation))).toEqual(expectations);
}

function answerTo(cluster: Cluster, expectation: string): string {
  const { question, from, to, protocol, port, by } = readQuestion(expectation);
  const answer = explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port });
  return `${question}: ${answer.verdict}${by === undefined ? '' : ` by ${decidersOf(answer)}`}`;
}

/** The policies behind the answer: all that deny, or all that allow (`default` where nothing else does). */
function decidersOf({ verdict, steps }: Explanation): string {
  const actions = verdict === 'deny' ? ['Deny', 'Isolated'] : ['Accept', 'Allow'];
  const deciding = steps.filter((step) => (verdict === 'undefined' ? step.tied : actions.includes(step.action)));
  const names = deciding.map((step) => step.policy ?? 'default').filter((name) => name !== 'default');
  return [...new Set(names.length > 0 ? names : ['default'])].join(' and ');
}
