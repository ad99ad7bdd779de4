import type { Span } from '../base/span.ts';
import type { Related } from '../analysis/related.ts';
import { spanOf } from '../syntax/locate-path.ts';
import type { PlacedManifest, SourceFile } from '../syntax/source-file.ts';
import { locate } from '../workspace/locate.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { CheckedFile } from './report.ts';
import { shortName } from './files.ts';

/** A place as a report writes it: the file by its short name, and a span in offsets of that file. */
export interface ReportPlace {
  readonly name: string;
  readonly file: SourceFile;
  readonly span: Span;
}

/** Where a related place stands; `undefined` where it cannot be found. */
export function placeOfRelated(related: Related, place: PlacedManifest, checked: CheckedFile, snapshot: Snapshot): ReportPlace | undefined {
  if (related.key !== undefined) {
    const found = locate(snapshot, related.key, related.path);
    return found && { name: shortName(found.uri), file: found.file, span: found.span };
  }
  const where = related.span ?? spanOf(place.manifest.root, related.path);
  return where && { name: checked.name, file: checked.file, span: { start: place.start + where.start, end: place.start + where.end } };
}
