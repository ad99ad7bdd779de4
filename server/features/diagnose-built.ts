import type { Work } from '../base/work.ts';
import type { Resource } from '../model/kind.ts';
import { findingsOf } from '../rules/manifest-findings.ts';
import type { Settings } from '../settings.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { PlacedManifest } from '../syntax/source-file.ts';
import { keysIn, builtAt, builtTouching, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import { writtenKeyOf } from '../workspace/locate.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { builtManifest, identityOf, isSameField, moved, type MovedFinding } from './built/built-manifest.ts';
import type { PlacedFinding } from './placed-finding.ts';

/**
 * What a file says by itself, as builds leave it: what a build mends in every cluster is not reported, and what it brings about is
 * reported where it is written. `local` is what the text alone says. The same list for a file that no build changes. `only`
 * asks about one of its clusters.
 */
export function* diagnoseBuilt(
  snapshot: Snapshot,
  address: string,
  settings: Settings,
  local: readonly PlacedFinding[],
  only?: string,
): Work<readonly PlacedFinding[]> {
  const uri = normalizeUri(address);
  const universes = universesOf(snapshot, uri).filter((id) => only === undefined || id === only);
  const united: MovedFinding[] = [];
  const affected = new Map<MovedFinding, Set<string>>();
  for (const universe of universes) {
    for (const one of builtTouching(snapshot, universe, uri)) {
      // Only what is judged has findings of its own; the others need no text.
      const manifest = JUDGED.includes(one.member.resource.role) ? builtManifest(one) : undefined;
      if (!manifest) continue;
      for (const finding of findingsOf(manifest, { uri: address, settings, partial: false })) {
        const found = moved(snapshot, one, manifest, finding);
        if (!found) continue;
        const existing = united.find((other) => other.uri === found.uri && identityOf(other) === identityOf(found));
        if (!existing) united.push(found);
        const clusters = affected.get(existing ?? found) ?? new Set<string>();
        affected.set(existing ?? found, clusters.add(universe));
      }
      yield;
    }
  }
  if (universes.length === 0) return local;
  const replaced = new Map<Manifest, boolean>();
  const isReplaced = ({ place }: PlacedFinding): boolean => {
    const everywhere = replaced.get(place.manifest) ?? isBuiltEverywhere(snapshot, uri, universes, place);
    replaced.set(place.manifest, everywhere);
    return everywhere;
  };
  const kept = local.filter((one) => isText(one) || !isReplaced(one) || united.some((other) => isSameField(one, other)));
  const added = united.filter(
    (one) => one.uri === uri && !isText(one) && !local.some((other) => isSameField(one, other) || identityOf(one) === identityOf(other)),
  );
  const all = [...kept, ...added.map((one) => ({ place: one.place, finding: withClusters(one, affected.get(one), universes) }))];
  return added.length === 0 && kept.length === local.length ? local : all;
}

const JUDGED: readonly Resource['role'][] = ['policy', 'set', 'tier'];

function withClusters(
  { finding }: MovedFinding,
  affected: ReadonlySet<string> | undefined,
  universes: readonly string[],
): PlacedFinding['finding'] {
  return !affected || affected.size === universes.length ? finding : { ...finding, clusters: [...affected].sort() };
}

/** Is it about the text: its YAML, or comments in it? A build writes another one. */
function isText({ finding: { code } }: PlacedFinding): boolean {
  return code.startsWith('yaml-') || code.includes('ignore');
}

/** Does every cluster of the file have something else in the place of this manifest? */
function isBuiltEverywhere(snapshot: Snapshot, uri: string, universes: readonly string[], place: PlacedManifest): boolean {
  const raw = writtenKeyOf(snapshot, uri, place);
  const keys = raw === undefined ? [] : universes.flatMap((universe) => keysIn(snapshot, universe, raw));
  return keys.length > 0 && keys.every((key) => builtAt(snapshot, key)?.built !== undefined);
}
