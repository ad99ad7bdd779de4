import { uriOf } from '../../workspace/record.ts';
import { universesOf } from '../../workspace/snapshot.ts';
import { linksOf } from '../navigation/links.ts';
import { mentionId, type Mention } from '../navigation/occurrence.ts';
import { mentionsIn } from '../navigation/occurrences-in.ts';
import { echoesOf } from '../navigation/place.ts';
import { holderOf, viewOf, type View } from '../navigation/cluster-view.ts';

/** A mention, and the cluster that ties it to the others. */
export interface Relative {
  readonly view: View;
  readonly mention: Mention;
}

/**
 * Everything that must say the same word as a mention if nothing is to come apart: what it is tied to, what that is tied to, and so on.
 * A file that is part of several clusters brings in what is tied to it there.
 */
export function familyOf(start: readonly Relative[]): readonly Relative[] {
  const found = new Map<string, Relative>();
  const queue = [...start];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { view, mention } = next;
    const id = `${view.universe.id}\n${mentionId(mention)}`;
    if (found.has(id)) continue;
    found.set(id, next);
    const tied = mention.echoOf ? originsOf(view, mention) : [...linksOf(view, mention, 'word'), ...echoesOf(view, mention)];
    queue.push(...tied.map((one) => ({ view, mention: one })), ...elsewhere(next));
  }
  return [...found.values()];
}

function originsOf(view: View, { key, echoOf }: Mention): readonly Mention[] {
  const holder = holderOf(view, key);
  if (!holder || !echoOf) return [];
  const id = JSON.stringify([key, echoOf.path, echoOf.on]);
  return mentionsIn(holder).filter((one) => mentionId(one) === id);
}

/** The same place as the other clusters of its file have it. */
function elsewhere({ view, mention }: Relative): readonly Relative[] {
  const others = universesOf(view.snapshot, uriOf(mention.key)).filter((id) => id !== view.universe.id);
  return others.flatMap((id) => {
    const other = viewOf(view.snapshot, id);
    const holder = other && holderOf(other, mention.key);
    return other && holder
      ? mentionsIn(holder)
          .filter((one) => mentionId(one) === mentionId(mention))
          .map((one) => ({ view: other, mention: one }))
      : [];
  });
}
