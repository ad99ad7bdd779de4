import type { Span } from '../base/span.ts';
import type { Finding } from '../rules/finding.ts';
import { mayExpect } from '../syntax/expectation.ts';
import { workspaceFindingsOf } from '../rules/workspace-findings.ts';
import { silenceInFile } from '../rules/silence.ts';
import type { Settings } from '../settings.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf, type PlacedManifest, type SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { keysOfFile } from '../workspace/locate.ts';
import { cluster, fileAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import type { PlacedFinding } from './placed-finding.ts';

/**
 * What the whole workspace has to say about one of its files, in the order of the text; nothing for files that are no part of it. Yields
 * often. Manifests that were judged before in the same cluster cost nothing. In a file of several clusters only what holds in all of them
 * is reported, except expectations, which must hold in each. `onFault` is called when a rule fails; `within` asks only about the manifests that
 * touch a range of the file.
 */
export function* diagnoseWorkspace(
  snapshot: Snapshot,
  uri: string,
  settings: Settings,
  onFault?: (rule: string, fault: unknown) => void,
  within?: Span,
): Generator<void, readonly PlacedFinding[]> {
  const file = fileAt(snapshot, uri);
  const universes = universesOf(snapshot, uri);
  if (!file || universes.length === 0) return [];
  const silence = silenceInFile(file);
  const keys = keysOfFile(snapshot, uri);
  const all: PlacedFinding[] = [];
  for (const { place, key } of judged(file, keys, within)) {
    const perCluster: (readonly Finding[])[] = [];
    for (const universe of universes) {
      const question = {
        snapshot,
        uri,
        universe,
        cluster: cluster(snapshot, universe, uri),
        manifest: place.manifest,
        key,
        settings,
        ...(onFault ? { onFault } : {}),
      };
      perCluster.push(yield* workspaceFindingsOf(question));
    }
    for (const finding of common(perCluster)) if (silence?.isSilenced(finding.code) !== true) all.push({ place, finding });
    yield;
  }
  return all;
}

/** The manifests of a file that workspace rules may have something to say about: members of the cluster, and comments anywhere. */
function* judged(
  file: SourceFile,
  keys: ReadonlyMap<Piece, readonly (ManifestKey | undefined)[]>,
  within: Span | undefined,
): Generator<{ readonly place: PlacedManifest; readonly key: ManifestKey | undefined }> {
  for (const { piece, start, document, prefix } of placesOf(file)) {
    if (within && (start > within.end || start + piece.text.length < within.start)) continue;
    const known = keys.get(piece);
    if (!known && !mayExpect(piece.text)) continue;
    const manifests = manifestsIn(piece);
    for (const [i, manifest] of (manifests.length > 0 ? manifests : [commentsIn(piece)]).entries()) {
      yield { place: { manifest, start, document, prefix: [...prefix, ...manifest.inner] }, key: known?.[i] };
    }
  }
}

/** Stands for a piece that holds nothing but comments. */
function commentsIn(piece: Piece): Manifest {
  return { piece, root: undefined, problems: [], holes: [], inner: [], oversized: false };
}

/** What is found in every cluster, in the words of the first; a failed expectation of any. */
function common([first = [], ...others]: readonly (readonly Finding[])[]): readonly Finding[] {
  if (others.length === 0) return first;
  const same = (a: Finding, b: Finding): boolean => a.code === b.code && a.span.start === b.span.start && a.span.end === b.span.end;
  const shared = first.filter((finding) => isOfEach(finding) || others.every((list) => list.some((other) => same(finding, other))));
  const added = others.flatMap((list) => list.filter((finding) => isOfEach(finding)));
  return [...shared, ...added.filter((finding, i) => ![...shared, ...added.slice(0, i)].some((other) => same(finding, other)))];
}

function isOfEach({ code }: Finding): boolean {
  return code === 'expectation-failed';
}
