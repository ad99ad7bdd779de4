import { memo } from '../../base/memo.ts';
import type { Related } from '../../analysis/related.ts';
import type { Finding } from '../../rules/finding.ts';
import { silence } from '../../rules/silence.ts';
import { manifestsIn, type Manifest } from '../../syntax/manifest.ts';
import { samePath } from '../../syntax/path.ts';
import { blockText } from '../../syntax/print.ts';
import { sourceFile } from '../../syntax/source-file.ts';
import type { Piece } from '../../syntax/split.ts';
import type { MapNode } from '../../syntax/tree.ts';
import type { BuiltMember } from '../../workspace/built-members.ts';
import { jsonOf, originAt } from '../../workspace/kustomize/values.ts';
import { locate, locateOrigin } from '../../workspace/locate.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { PlacedFinding } from '../placed-finding.ts';
import { movedFixes } from './moved-fixes.ts';

/** A built object as a text of its own, so that every rule can look at it; `undefined` for one that its file holds as it is. */
export function builtManifest({ built, index = 0 }: BuiltMember): Manifest | undefined {
  if (!built) return undefined;
  const piece = pieceOf(built.root);
  return piece && manifestsIn(piece)[index];
}

const pieceOf = memo(
  (root: MapNode): Piece | undefined => sourceFile(`${blockText(jsonOf(root), 0, { listIndent: 0, eol: '\n' })}\n`).pieces[0],
);

/** A finding about a built object, where the value was written that it is about, and in which file. */
export interface MovedFinding extends PlacedFinding {
  readonly uri: string;
}

/**
 * Moves a finding from the text of a built object to where its value was written: to the manifest, to a patch, or to the line of the
 * kustomization that sets it. `undefined` where a comment there silences it. Its fixes change what is written there.
 */
export function moved(snapshot: Snapshot, { member, built }: BuiltMember, manifest: Manifest, finding: Finding): MovedFinding | undefined {
  if (!built) return undefined;
  const path = [...manifest.inner, ...finding.path];
  const place = locateOrigin(snapshot, originAt(built.root, built.place, path));
  if (!place) return undefined;
  const base = locate(snapshot, member.key, []);
  const isElsewhere = base !== undefined && base.placed.manifest !== place.placed.manifest;
  const related = finding.related.map((one): Related =>
    one.key === undefined ? { key: member.key, path: one.path, message: one.message } : one,
  );
  const origin: readonly Related[] = isElsewhere
    ? [{ key: member.key, path: ['metadata', 'name'], message: `The build changes this ${built.id.kind}.` }]
    : [];
  const start = place.placed.start;
  const found: Finding = {
    ...finding,
    span: { start: place.span.start - start, end: place.span.end - start },
    path: place.path,
    related: [...origin, ...related],
    fixes: finding.fixes.length === 0 ? [] : movedFixes({ snapshot, built, manifest, place: place.placed }, finding.fixes),
  };
  if (silence(place.placed.manifest, [found]).findings.length === 0) return undefined;
  return { uri: place.uri, place: place.placed, finding: found };
}

/** What is reported, and where: two findings with one identity report the same at the same place of a file. */
export function identityOf({ place, finding }: PlacedFinding): string {
  return `${finding.code} ${place.start + finding.span.start} ${place.start + finding.span.end}`;
}

/** Do two findings report the same field of the same manifest? */
export function isSameField(one: PlacedFinding, other: PlacedFinding): boolean {
  return (
    one.finding.code === other.finding.code && one.place.manifest === other.place.manifest && samePath(one.finding.path, other.finding.path)
  );
}
