import type { Span } from '../base/span.ts';
import type { Finding } from '../rules/finding.ts';
import { mayExpect } from '../syntax/expectation.ts';
import { workspaceFindingsOf } from '../rules/workspace-findings.ts';
import { silenceInFile } from '../rules/silence.ts';
import type { Settings } from '../settings.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf, type PlacedManifest, type SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import { finished } from '../base/work.ts';
import type { PlacedProblem } from '../analysis/context.ts';
import { samePath } from '../syntax/path.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import { keysOfFile, locate, locateOrigin, writtenKeyOf, type Location } from '../workspace/locate.ts';
import { builtAt, builtTouching, cluster, fileAt, keysIn, problemsIn, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { builtManifest, identityOf, moved } from './built/built-manifest.ts';
import type { PlacedFinding } from './placed-finding.ts';

/**
 * What the whole workspace has to say about one of its files, in the order of the text; nothing for files that are not part of it. Yields
 * often. Manifests that were judged before in the same cluster cost nothing. A file of several clusters is judged in each of them; what
 * only some of them have says which. An object that a build changes is judged as it is built, and a finding is placed where the value was
 * written. `onFault` is called when a rule fails; `within` asks only about the manifests that touch a range of the file,
 * `only` only about one of its clusters.
 */
export function* diagnoseWorkspace(
  snapshot: Snapshot,
  uri: string,
  settings: Settings,
  onFault?: (rule: string, fault: unknown) => void,
  within?: Span,
  only?: string,
): Generator<void, readonly PlacedFinding[]> {
  const file = fileAt(snapshot, uri);
  const universes = universesOf(snapshot, uri).filter((id) => only === undefined || id === only);
  if (!file) return [];
  const silence = silenceInFile(file);
  const all = new Map<string, Found>();
  for (const universe of universes.length > 0 ? universes : ['']) {
    const found = judgedIn({ snapshot, uri, universe, settings, ...(onFault ? { onFault } : {}) }, file, within);
    for (const placed of found) {
      if (!placed) {
        yield;
        continue;
      }
      if (silence?.isSilenced(placed.finding.code) === true) continue;
      const identity = identityOf(placed);
      const existing = all.get(identity);
      if (existing) existing.clusters.add(universe);
      else all.set(identity, { ...placed, clusters: new Set([universe]) });
    }
    yield;
  }
  return [...all.values()]
    .map(({ place, finding, clusters }) => ({
      place,
      finding: clusters.size >= universes.length ? finding : { ...finding, clusters: [...clusters] },
    }))
    .toSorted((a, b) => a.place.start + a.finding.span.start - b.place.start - b.finding.span.start);
}

interface Found extends PlacedFinding {
  readonly clusters: Set<string>;
}

interface DiagnosedFile {
  readonly snapshot: Snapshot;
  readonly uri: string;
  readonly universe: string;
  readonly settings: Settings;
  readonly onFault?: (rule: string, fault: unknown) => void;
}

/** What is found in one cluster; `undefined` now and then. */
function* judgedIn(target: DiagnosedFile, file: SourceFile, within: Span | undefined): Generator<PlacedFinding | undefined> {
  const { snapshot, uri, universe } = target;
  const seen = cluster(snapshot, universe, uri);
  const problems = problemsByPiece(snapshot, uri);
  for (const { place, key: raw } of judged(file, keysOfFile(snapshot, uri), problems, within)) {
    const own = (problems.get(place.manifest.piece) ?? []).filter(({ clusters }) => clusters.length === 0 || clusters.includes(universe));
    const keys = raw === undefined ? [] : keysIn(snapshot, universe, raw);
    const asWritten = keys.find((key) => builtAt(snapshot, key)?.built === undefined);
    const question = { ...target, cluster: seen, manifest: place.manifest, key: asWritten, problems: own };
    for (const finding of yield* inSteps(workspaceFindingsOf(question))) yield { place, finding };
  }
  for (const one of builtTouching(snapshot, universe, normalizeUri(uri))) {
    const manifest = builtManifest(one);
    if (!manifest) continue;
    const { key } = one.member;
    const found = yield* inSteps(workspaceFindingsOf({ ...target, cluster: seen, manifest, key, problems: [] }));
    for (const finding of found) {
      const placed = moved(snapshot, one, manifest, finding);
      if (placed?.uri === normalizeUri(uri) && isWithin(placed, within)) yield withFixes(target, seen, key, placed, finding);
    }
  }
}

/** The fixes that the manifest as it is written offers for the same field. */
function withFixes(target: DiagnosedFile, seen: Cluster, key: ManifestKey, placed: PlacedFinding, { code, fixes }: Finding): PlacedFinding {
  if (fixes.length === 0 || placed.finding.fixes.length > 0 || locate(target.snapshot, key, [])?.placed.manifest !== placed.place.manifest)
    return placed;
  const written = finished(workspaceFindingsOf({ ...target, cluster: seen, manifest: placed.place.manifest, key, problems: [] }));
  const same = written.find((other) => other.code === code && samePath(other.path, placed.finding.path));
  return same ? { ...placed, finding: { ...placed.finding, fixes: same.fixes } } : placed;
}

function* inSteps<T>(work: Generator<void, T>): Generator<undefined, T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield undefined;
  }
}

function relatedTo(snapshot: Snapshot, { uri, placed, path }: Location): Pick<PlacedProblem, 'related'> {
  const key = writtenKeyOf(snapshot, uri, placed);
  return key === undefined ? {} : { related: { key, path } };
}

/** What builds report in a file, by the piece that it stands in. */
function problemsByPiece(snapshot: Snapshot, uri: string): ReadonlyMap<Piece, readonly PlacedProblem[]> {
  const found = new Map<Piece, PlacedProblem[]>();
  for (const { problem, clusters } of problemsIn(snapshot, uri)) {
    const place = locateOrigin(snapshot, problem.place);
    if (!place || place.uri !== normalizeUri(uri)) continue;
    const { manifest, start } = place.placed;
    const inPiece = found.get(manifest.piece) ?? [];
    found.set(manifest.piece, inPiece);
    const related = problem.related && locateOrigin(snapshot, problem.related);
    inPiece.push({
      code: problem.code,
      severity: problem.severity,
      message: problem.message,
      clusters,
      path: place.path,
      span: { start: place.span.start - start, end: place.span.end - start },
      ...(related ? relatedTo(snapshot, related) : {}),
    });
  }
  return found;
}

/** The manifests of a file that workspace rules may have something to say about: members of the cluster, and comments anywhere. */
function* judged(
  file: SourceFile,
  keys: ReadonlyMap<Piece, readonly (ManifestKey | undefined)[]>,
  problems: ReadonlyMap<Piece, unknown>,
  within: Span | undefined,
): Generator<{ readonly place: PlacedManifest; readonly key: ManifestKey | undefined }> {
  for (const { piece, start, document, prefix } of placesOf(file)) {
    if (within && (start > within.end || start + piece.text.length < within.start)) continue;
    const inPiece = keys.get(piece);
    if (!inPiece && !problems.has(piece) && !mayExpect(piece.text)) continue;
    const manifests = manifestsIn(piece);
    for (const [i, manifest] of (manifests.length > 0 ? manifests : [commentsIn(piece)]).entries()) {
      yield { place: { manifest, start, document, prefix: [...prefix, ...manifest.inner] }, key: inPiece?.[i] };
    }
  }
}

/** Stands for a piece that holds nothing but comments. */
function commentsIn(piece: Piece): Manifest {
  return { piece, root: undefined, problems: [], holes: [], inner: [], oversized: false };
}

/** Does a finding touch a range of its file? Always where no range is asked about. */
function isWithin({ place, finding }: PlacedFinding, within: Span | undefined): boolean {
  return within === undefined || (place.start + finding.span.start <= within.end && within.start <= place.start + finding.span.end);
}
