import type { Finding } from '../rules/finding.ts';
import { findingsOf } from '../rules/run.ts';
import { placesOf, type PlacedManifest, type SourceFile } from '../syntax/source-file.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import type { Settings } from '../settings.ts';

/** A finding and the manifest it is about, placed in its file. */
export interface PlacedFinding {
  readonly place: PlacedManifest;
  readonly finding: Finding;
}

/** What diagnostics depend on besides the text. */
export interface DiagnoseOptions {
  readonly uri: string;
  readonly settings: Settings;
  /** Patches and other partial documents: what is missing in them may stand elsewhere. */
  readonly partial: boolean;
}

/**
 * Everything to tell about a file, in the order of its text. Yields between manifests, so that a large file can be worked off in
 * slices; manifests that were looked at before cost nothing.
 */
export function* diagnose(file: SourceFile, options: DiagnoseOptions): Generator<void, readonly PlacedFinding[]> {
  const all: PlacedFinding[] = [];
  for (const { piece, start, document, prefix } of placesOf(file)) {
    for (const manifest of manifestsIn(piece)) {
      const place = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
      for (const finding of findingsOf(manifest, options)) all.push({ place, finding });
    }
    yield;
  }
  return all;
}
