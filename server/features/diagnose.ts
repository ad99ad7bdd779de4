import type { Span } from '../base/span.ts';
import { findingsAbout, findingsWork } from '../rules/manifest-findings.ts';
import { silenceInFile } from '../rules/silence.ts';
import { placesOf, type SourceFile } from '../syntax/source-file.ts';
import { MAX_MANIFEST_CHARACTERS, manifestsIn, manifestsWork } from '../syntax/manifest.ts';
import { mayHoldObjects } from '../workspace/record.ts';
import type { Settings } from '../settings.ts';
import type { PlacedFinding } from './placed-finding.ts';

export type { PlacedFinding };

/** What diagnostics depend on besides the text. */
export interface DiagnoseOptions {
  readonly uri: string;
  readonly settings: Settings;
  /** Patches and other partial documents: what is missing in them may be in another document. */
  readonly partial: boolean;
  /** Only so many pieces from the start: what an editor shows of a large file before the rest has been looked at. */
  readonly maxManifests?: number;
  /** Only what touches this range of the file: for who asks about one place. */
  readonly within?: Span;
}

/**
 * Everything to tell about a file, in the order of its text. Yields between manifests, so that a large file can be worked off in
 * slices; manifests that were looked at before cost nothing.
 */
export function* diagnose(file: SourceFile, options: DiagnoseOptions): Generator<void, readonly PlacedFinding[]> {
  const all: PlacedFinding[] = [];
  // Whether a comment for the whole file silences anything, only the whole file can tell.
  const within = silenceInFile(file) ? undefined : options.within;
  for (const [i, { piece, start, document, prefix }] of placesOf(file).entries()) {
    if (i === options.maxManifests) break;
    if (within && (start > within.end || start + piece.text.length < within.start)) continue;
    const isUnrelated = piece.text.length <= MAX_MANIFEST_CHARACTERS && !mayHoldObjects(piece);
    for (const manifest of isUnrelated ? [] : yield* manifestsWork(piece)) {
      const place = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
      for (const finding of yield* findingsWork(manifest, options)) all.push({ place, finding });
    }
    yield;
  }
  return withoutIgnored(file, options, all);
}

/** Takes out what `# netpol-ignore-file` comments silence, and says where such a comment has nothing to silence. */
function withoutIgnored(file: SourceFile, options: DiagnoseOptions, all: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const silence = silenceInFile(file);
  if (!silence) return all;
  if (options.maxManifests !== undefined) return all.filter(({ finding }) => !silence.isSilenced(finding.code));
  const unused = silence.unused(new Set(all.map(({ finding }) => finding.code)));
  const found = placesOf(file).flatMap(({ piece, start, document, prefix }) => {
    const here = unused.filter((one) => one.piece === piece).map((one) => one.unused);
    const [manifest] = here.length > 0 ? manifestsIn(piece) : [];
    if (!manifest) return [];
    return findingsAbout(here, manifest, options).map((finding) => ({
      place: { manifest, start, document, prefix: [...prefix] },
      finding,
    }));
  });
  return [...all.filter(({ finding }) => !silence.isSilenced(finding.code)), ...found].toSorted(
    (a, b) => a.place.start + a.finding.span.start - b.place.start - b.finding.span.start,
  );
}
