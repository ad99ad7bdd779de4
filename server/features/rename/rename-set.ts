import { uriOf } from '../../workspace/record.ts';
import { samePath } from '../../syntax/path.ts';
import { keysIn, rawKey, universesOf } from '../../workspace/snapshot.ts';
import { linksOf } from '../navigation/links.ts';
import { occurrenceId, type Occurrence } from '../navigation/occurrence.ts';
import { occurrencesIn } from '../navigation/occurrences-in.ts';
import { echoesOf } from '../navigation/place.ts';
import { objectOf, viewOf, type ClusterView } from '../navigation/cluster-view.ts';

/** An occurrence, and the cluster that ties it to the others. */
export interface RenameTarget {
  readonly view: ClusterView;
  readonly occurrence: Occurrence;
}

/**
 * Everything that must say the same word as an occurrence if nothing is to come apart: what it is tied to, what that is tied to, and so on.
 * A file that is part of several clusters brings in what is tied to it there.
 */
export function renameSet(start: readonly RenameTarget[]): readonly RenameTarget[] {
  const found = new Map<string, RenameTarget>();
  const queue = [...start];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { view, occurrence } = next;
    const id = `${view.universe.id}\n${occurrenceId(occurrence)}`;
    if (found.has(id)) continue;
    found.set(id, next);
    const tied = occurrence.echoOf ? originsOf(view, occurrence) : [...linksOf(view, occurrence, 'word'), ...echoesOf(view, occurrence)];
    queue.push(...tied.map((one) => ({ view, occurrence: one })), ...elsewhere(next));
  }
  return [...found.values()];
}

function originsOf(view: ClusterView, { key, echoOf }: Occurrence): readonly Occurrence[] {
  const object = objectOf(view, key);
  if (!object || !echoOf) return [];
  const id = JSON.stringify([key, echoOf.path, echoOf.on]);
  return occurrencesIn(object).filter((one) => occurrenceId(one) === id);
}

/** The same place as the other clusters of its file have it. */
function elsewhere({ view, occurrence }: RenameTarget): readonly RenameTarget[] {
  const raw = rawKey(occurrence.key);
  const same = (one: Occurrence): boolean =>
    one.on === occurrence.on &&
    samePath(one.path, occurrence.path) &&
    one.kind === occurrence.kind &&
    one.inside?.start === occurrence.inside?.start;
  return universesOf(view.snapshot, uriOf(raw)).flatMap((id) => {
    const other = viewOf(view.snapshot, id);
    return keysIn(view.snapshot, id, raw).flatMap((key) => {
      const object = other && key !== occurrence.key ? objectOf(other, key) : undefined;
      return other && object
        ? occurrencesIn(object)
            .filter(same)
            .map((one) => ({ view: other, occurrence: one }))
        : [];
    });
  });
}
