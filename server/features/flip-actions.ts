import { touches, type Span } from '../base/span.ts';
import { explain } from '../eval/explain.ts';
import { flips, type Flip } from '../eval/flips.ts';
import { expectationsOf, type Checkable } from '../analysis/expectations.ts';
import { clusterFacts } from '../analysis/facts.ts';
import { EXPECT } from '../syntax/expectation.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf, type PlacedPiece } from '../syntax/source-file.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';
import { flipEdits, type FileEdits } from './refactor/flip-edits.ts';

/** A change of policies that makes an expectation come true. */
export interface FlipAction {
  readonly title: string;
  /** The expectation, in offsets of the whole file. */
  readonly span: Span;
  readonly files: readonly FileEdits[];
}

/** The smallest edits of policies, in any file, that would make the failed expectations of a range hold. */
export function flipActions(context: FeatureContext, range: Span): readonly FlipAction[] {
  return placesOf(context.file).flatMap((place) => {
    const { piece, start } = place;
    if (start > range.end || start + piece.text.length < range.start || !piece.text.includes(EXPECT)) return [];
    const cluster = clusterFor(context.snapshot, context.uri);
    return manifestsOf(place).flatMap((manifest) => {
      const key = keyOf(context.snapshot, context.uri, { ...place, manifest });
      const resource = key === undefined ? undefined : clusterFacts(cluster).resources.get(key);
      return expectationsOf({ manifest, cluster, resource }).flatMap((one) => {
        const at = { start: one.expectation.span.start + start, end: one.expectation.span.end + start };
        if (
          one.kind !== 'checkable' ||
          !(touches(at, range.start) || touches(at, range.end) || (range.start <= at.start && at.end <= range.end))
        )
          return [];
        return flipsFor(one, cluster).flatMap((flip): readonly FlipAction[] => {
          const files = flipEdits(context.snapshot, flip, context.uri);
          return files && files.length > 0 ? [{ title: flip.title, span: at, files }] : [];
        });
      });
    });
  });
}

/** Comments may stand in a piece without any manifest. */
function manifestsOf({ piece }: PlacedPiece): readonly Manifest[] {
  const manifests = manifestsIn(piece);
  return manifests.length > 0 ? manifests : [{ piece, root: undefined, problems: [], holes: [], inner: [], oversized: false }];
}

/** For the first question whose answer is not what is expected. An undefined verdict can only be opened, as `flips` sees it. */
function flipsFor({ questions, said }: Checkable, cluster: Cluster): readonly Flip[] {
  for (const { from, to, port } of questions) {
    const { verdict } = explain(cluster, from, to, said.protocol, port);
    if (verdict === said.verdict) continue;
    return verdict === 'undefined' && said.verdict === 'deny' ? [] : flips(cluster, from, to, said.protocol, port);
  }
  return [];
}
