import type { Requirement } from '../../model/selector.ts';
import { uriOf } from '../../workspace/record.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import { samePath } from '../../syntax/path.ts';
import type { Place } from '../../syntax/locate.ts';
import { namedObjects, objectNamedAt, referencesByName } from './named-objects.ts';
import type { FeatureContext } from '../context.ts';
import { labelReferences, linksOf, concerning } from './links.ts';
import { isDefinition, type LabelReference, type Definition, type Occurrence } from './occurrence.ts';
import { distinct, echoesOf, occurrenceAt, originOf, placeIn, occurrenceSpot, type OccurrenceSpot } from './place.ts';
import { latestSnapshot, viewsOf, type ClusterView } from './cluster-view.ts';

/** A place that belongs to a word. */
export interface RelatedOccurrence {
  readonly spot: OccurrenceSpot;
  readonly defines: boolean;
}

/** What to look for: definitions too, and only in one file. */
export interface RelatedOptions {
  readonly declarations: boolean;
  readonly onlyIn?: string;
}

/**
 * Everything that means the same as the word at an offset of a file: what defines it and all that refers to one of these definitions. Where
 * nothing in the workspace defines a label, the selectors that ask for it in the same words.
 */
export function relatedTo(context: FeatureContext, offset: number, { declarations, onlyIn }: RelatedOptions): readonly RelatedOccurrence[] {
  const place = placeIn(context.file, offset);
  if (!place) return [];
  const found = new Map<string, RelatedOccurrence>();
  const file = onlyIn === undefined ? undefined : normalizeUri(onlyIn);
  const isInScope = ({ key }: Occurrence): boolean => file === undefined || uriOf(key) === file;
  for (const view of viewsOf(latestSnapshot(context), context.uri)) {
    const occurrence = occurrenceAt(view, context.uri, place);
    for (const one of occurrence ? [] : byName(view, place)) {
      const defines = samePath(one.path, ['metadata', 'name']);
      const spot = (defines && !declarations) || !isInScope(one) ? undefined : occurrenceSpot(view, one);
      if (spot) found.set(`${spot.uri} ${spot.span.start}`, { spot, defines });
    }
    for (const one of occurrence ? familyOf(view, occurrence, isInScope) : []) {
      const defines = isDefinition(one) && one.echoOf === undefined;
      if ((defines && !declarations) || !isInScope(one)) continue;
      const spot = occurrenceSpot(view, one);
      if (spot) found.set(`${spot.uri} ${spot.span.start}`, { spot, defines });
    }
  }
  return [...found.values()].toSorted((a, b) =>
    a.spot.uri === b.spot.uri ? a.spot.span.start - b.spot.span.start : a.spot.uri < b.spot.uri ? -1 : 1,
  );
}

/** The name of the Service or CIDR group that a place names or defines, and where policies refer to it. */
function byName(view: ClusterView, place: Place): readonly Occurrence[] {
  return [...namedObjects(view, place), ...objectNamedAt(view, place)].flatMap((object): readonly Occurrence[] => [
    { kind: 'namespace', key: object.key, path: ['metadata', 'name'], on: 'value', text: object.resource.value.name },
    ...referencesByName(view, object),
  ]);
}

/** What a definition and all who ask for it make up; of a question, what answers it and all who ask for that. */
function familyOf(view: ClusterView, occurrence: Occurrence, isInScope: (occurrence: Occurrence) => boolean): readonly Occurrence[] {
  const around = (definer: Definition): readonly Occurrence[] => [
    definer,
    ...(isInScope(definer) ? echoesOf(view, definer) : []),
    ...linksOf(view, definer, 'pair'),
  ];
  if (isDefinition(occurrence)) return distinct(around(originOf(occurrence)));
  const answers = linksOf(view, occurrence, 'pair').filter(isDefinition);
  const others = answers.length === 0 && occurrence.kind === 'referenced label' ? alike(view, occurrence) : answers.flatMap(around);
  return distinct([occurrence, ...others].filter(isInScope));
}

/** Selectors that ask for the same label in the same words, where both may mean the same objects. */
function alike(view: ClusterView, { part, requirement, means, text }: LabelReference): readonly LabelReference[] {
  const all = labelReferences(view, part.of, requirement.key, means === 'value' ? text : undefined);
  return concerning(all, part.within?.kind === 'own' ? part.within.namespace : undefined).filter(
    (other) => other.means === means && other.text === text && (means === 'value' || sameValues(requirement, other.requirement)),
  );
}

function sameValues(one: Requirement, other: Requirement): boolean {
  return one.values.length === 0 || other.values.length === 0 || one.values.some((value) => other.values.includes(value));
}
