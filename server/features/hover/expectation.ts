import { code, escape, paragraphs } from '../../base/markdown.ts';
import { expectationsOf, type Checkable } from '../../analysis/expectations.ts';
import { explain } from '../../eval/explain.ts';
import { verdictReason } from '../../eval/verdict-reason.ts';
import { manifestsIn, type Manifest } from '../../syntax/manifest.ts';
import { mayExpect } from '../../syntax/expectation.ts';
import { placesOf } from '../../syntax/source-file.ts';
import type { Cluster } from '../../workspace/cluster.ts';
import { keyOf } from '../../workspace/locate.ts';
import { clusterFor, resourceAt } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';

/** What a hover on a comment `# expect: …` shows, and where in the file the comment stands. */
export interface ExpectationHover {
  readonly markdown: string;
  readonly start: number;
  readonly end: number;
}

const MAX_SHOWN_QUESTIONS = 3;

/** The verdict that an expectation asks for, and why; or why it cannot be checked. */
export function expectationHover(context: FeatureContext, offset: number): ExpectationHover | undefined {
  const place = placesOf(context.file).findLast(({ start }) => start <= offset);
  if (!place || !mayExpect(place.piece.text)) return undefined;
  const [manifest = commentsIn(place.piece)] = manifestsIn(place.piece);
  const key = keyOf(context.snapshot, context.uri, { ...place, manifest });
  const resource = key === undefined ? undefined : resourceAt(context.snapshot, key);
  const cluster = clusterFor(context.snapshot, context.uri);
  const found = expectationsOf({ manifest, cluster, resource }).find(
    ({ expectation: { span } }) => place.start + span.start <= offset && offset <= place.start + span.end,
  );
  if (!found) return undefined;
  const { span } = found.expectation;
  const markdown = found.kind === 'checkable' ? verdictText(found, cluster) : escape(found.message);
  return { markdown, start: place.start + span.start, end: place.start + span.end };
}

function commentsIn(piece: Manifest['piece']): Manifest {
  return { piece, root: undefined, problems: [], holes: [], inner: [], oversized: false };
}

const WORDS = { allow: 'allowed', deny: 'denied', undefined: 'undefined', unknown: 'unknown' } as const;

function verdictText({ questions, expected }: Checkable, cluster: Cluster): string {
  const texts = questions.slice(0, MAX_SHOWN_QUESTIONS).map(({ from, to, port }) => {
    const answer = explain(cluster, { from, to, protocol: expected.protocol, port });
    const holds = answer.verdict === expected.verdict ? 'As expected' : `**Expected ${WORDS[expected.verdict]}**`;
    const connection = code(`${answer.from} -> ${answer.to} ${answer.protocol}/${answer.port}`);
    return `${holds}: ${connection} is ${WORDS[answer.verdict]}. ${escape(verdictReason(answer))}`;
  });
  return paragraphs(...texts);
}
