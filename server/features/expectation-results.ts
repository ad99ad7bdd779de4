import { expectationsOf } from '../analysis/expectations.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { explain } from '../eval/explain.ts';
import { verdictReason } from '../eval/verdict-reason.ts';
import { mayExpect } from '../syntax/expectation.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf } from '../syntax/source-file.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor, fileAt, resourceAt, type Snapshot } from '../workspace/snapshot.ts';

/** What became of one comment `# expect: …`. */
export interface ExpectationResult {
  /** The comment, in offsets of the file. */
  readonly span: Span;
  /** What stands behind `expect:`. */
  readonly text: string;
  /** `error`: it cannot be checked. */
  readonly outcome: 'passed' | 'failed' | 'error';
  /** The verdict and its reason, or why the comment cannot be checked. */
  readonly message: string;
}

const WORDS = { allow: 'allowed', deny: 'denied', undefined: 'undefined', unknown: 'unknown' } as const;

/** The expectations of a file of the workspace, in its order, each checked in the first cluster of the file. */
export function* expectationResults(snapshot: Snapshot, uri: string): Work<readonly ExpectationResult[]> {
  const file = fileAt(snapshot, uri);
  if (!file || !file.pieces.some(({ text }) => mayExpect(text))) return [];
  const cluster = clusterFor(snapshot, uri);
  const found: ExpectationResult[] = [];
  for (const place of placesOf(file)) {
    if (!mayExpect(place.piece.text)) continue;
    const [manifest = commentsIn(place.piece)] = manifestsIn(place.piece);
    const key = keyOf(snapshot, uri, { ...place, manifest });
    const resource = key === undefined ? undefined : resourceAt(snapshot, key);
    for (const one of expectationsOf({ manifest, cluster, resource })) {
      const { span, text } = one.expectation;
      const head = { span: { start: place.start + span.start, end: place.start + span.end }, text };
      if (one.kind === 'uncheckable') found.push({ ...head, outcome: 'error', message: one.message });
      else {
        const answers = one.questions.map(({ from, to, port }) => explain(cluster, { from, to, protocol: one.expected.protocol, port }));
        const wrong = answers.find(({ verdict }) => verdict !== one.expected.verdict);
        const [shown = wrong] = wrong ? [wrong] : answers;
        const message = shown
          ? `${shown.from} -> ${shown.to} ${shown.protocol}/${shown.port} is ${WORDS[shown.verdict]}. ${verdictReason(shown)}`
          : '';
        found.push({ ...head, outcome: wrong ? 'failed' : 'passed', message });
      }
      yield;
    }
  }
  return found;
}

function commentsIn(piece: Manifest['piece']): Manifest {
  return { piece, root: undefined, problems: [], holes: [], inner: [], oversized: false };
}
