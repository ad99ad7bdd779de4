import type { Requirement } from '../../model/selector.ts';
import { uriOf } from '../../workspace/record.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import type { FeatureContext } from '../context.ts';
import { askersOf, linksOf, near } from './links.ts';
import { isDefiner, type AskedLabel, type Definer, type Mention } from './occurrence.ts';
import { distinct, echoesOf, mentionAt, originOf, placeIn, spotOf, type Spot } from './place.ts';
import { latest, viewsOf, type View } from './cluster-view.ts';

/** A place that belongs to a word. */
export interface Related {
  readonly spot: Spot;
  readonly defines: boolean;
}

/** What to look for: definitions too, and only in one file. */
export interface Wanted {
  readonly declarations: boolean;
  readonly onlyIn?: string;
}

/**
 * Everything that means the same as the word at an offset of a file: what defines it and all that refers to one of these definitions. Where
 * nothing in the workspace defines a label, the selectors that ask for it in the same words.
 */
export function relatedTo(context: FeatureContext, offset: number, { declarations, onlyIn }: Wanted): readonly Related[] {
  const place = placeIn(context.file, offset);
  if (!place) return [];
  const found = new Map<string, Related>();
  const file = onlyIn === undefined ? undefined : normalizeUri(onlyIn);
  const isWanted = ({ key }: Mention): boolean => file === undefined || uriOf(key) === file;
  for (const view of viewsOf(latest(context), context.uri)) {
    const mention = mentionAt(view, context.uri, place);
    for (const one of mention ? familyOf(view, mention, isWanted) : []) {
      const defines = isDefiner(one) && one.echoOf === undefined;
      if ((defines && !declarations) || !isWanted(one)) continue;
      const spot = spotOf(view, one);
      if (spot) found.set(`${spot.uri} ${spot.span.start}`, { spot, defines });
    }
  }
  return [...found.values()].toSorted((a, b) =>
    a.spot.uri === b.spot.uri ? a.spot.span.start - b.spot.span.start : a.spot.uri < b.spot.uri ? -1 : 1,
  );
}

/** What a definition and all who ask for it make up; of a question, what answers it and all who ask for that. */
function familyOf(view: View, mention: Mention, isWanted: (mention: Mention) => boolean): readonly Mention[] {
  const around = (definer: Definer): readonly Mention[] => [
    definer,
    ...(isWanted(definer) ? echoesOf(view, definer) : []),
    ...linksOf(view, definer, 'pair'),
  ];
  if (isDefiner(mention)) return distinct(around(originOf(mention)));
  const answers = linksOf(view, mention, 'pair').filter(isDefiner);
  const others = answers.length === 0 && mention.kind === 'asked label' ? alike(view, mention) : answers.flatMap(around);
  return distinct([mention, ...others].filter(isWanted));
}

/** Selectors that ask for the same label in the same words, where both may mean the same objects. */
function alike(view: View, { part, requirement, means, text }: AskedLabel): readonly AskedLabel[] {
  const all = askersOf(view, part.of, requirement.key, means === 'value' ? text : undefined);
  return near(all, part.within?.kind === 'own' ? part.within.namespace : undefined).filter(
    (other) => other.means === means && other.text === text && (means === 'value' || sameValues(requirement, other.requirement)),
  );
}

function sameValues(one: Requirement, other: Requirement): boolean {
  return one.values.length === 0 || other.values.length === 0 || one.values.some((value) => other.values.includes(value));
}
