import { touches, type Span } from '../base/span.ts';
import { explain } from '../eval/explain.ts';
import { remediations, type Remediation } from '../eval/remediations.ts';
import { expectationsOf, type Checkable } from '../analysis/expectations.ts';
import { clusterFacts } from '../analysis/facts.ts';
import { EXPECT } from '../syntax/expectation.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf, type PlacedPiece } from '../syntax/source-file.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';
import { remediationEdits, type FileEdits } from './refactor/remediation-edits.ts';

/** A change of policies that makes an expectation come true. */
export interface RemediationAction {
  readonly title: string;
  /** The expectation, in offsets of the whole file. */
  readonly span: Span;
  readonly files: readonly FileEdits[];
}

/** The smallest edits of policies, in any file, that would make the failed expectations of a range hold. */
export function remediationActions(context: FeatureContext, range: Span): readonly RemediationAction[] {
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
        return remediationsFor(one, cluster).flatMap((remediation): readonly RemediationAction[] => {
          const files = remediationEdits(context.snapshot, remediation, context.uri);
          return files && files.length > 0 ? [{ title: remediation.title, span: at, files }] : [];
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
function remediationsFor({ questions, expected }: Checkable, cluster: Cluster): readonly Remediation[] {
  for (const { from, to, port } of questions) {
    const { verdict } = explain(cluster, { from, to, protocol: expected.protocol, port });
    if (verdict === expected.verdict) continue;
    return verdict === 'undefined' && expected.verdict === 'deny'
      ? []
      : remediations(cluster, { from, to, protocol: expected.protocol, port });
  }
  return [];
}
