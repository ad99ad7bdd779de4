import { shift, type Span } from '../base/span.ts';
import { selects } from '../model/selector.ts';
import type { SelectorPart } from '../analysis/policy-parts.ts';
import { placeAt, type Place } from '../syntax/locate.ts';
import { samePath } from '../syntax/path.ts';
import { isNull } from '../syntax/tree.ts';
import { keyOf } from '../workspace/locate.ts';
import { normalizeUri } from '../workspace/uri.ts';
import type { FeatureContext } from './context.ts';
import { linksOf, selectorPartsOf } from './navigation/links.ts';
import { namedObjects } from './navigation/named-objects.ts';
import type { Occurrence } from './navigation/occurrence.ts';
import { patchedObjects } from './navigation/patched-objects.ts';
import { distinct, occurrenceAt, originOf, occurrenceSpot, type OccurrenceSpot } from './navigation/place.ts';
import {
  objectOf,
  objectsIn,
  latestSnapshot,
  includesNamespace,
  viewsOf,
  type WorkspaceObject,
  type ClusterView,
} from './navigation/cluster-view.ts';

/** Where to go from a place of the file, and the word there. */
export interface DefinitionLink {
  /** In offsets of the asked file. */
  readonly word: Span;
  readonly targets: readonly OccurrenceSpot[];
}

/**
 * What the word at an offset of the file refers to. From a selector to the labels that satisfy it, from a namespace to its manifest, from
 * a port to the container ports meant, from the name of a Service or CIDR group to its manifest, from the name of a patch to what it changes, from a whole selector to the workloads it picks; and the other way round.
 */
export function definition(context: FeatureContext, offset: number): DefinitionLink | undefined {
  const place = placeAt(context.file, offset);
  if (!place) return undefined;
  let word = place.span;
  const targets = viewsOf(latestSnapshot(context), context.uri).flatMap((view) => {
    const occurrence = occurrenceAt(view, context.uri, place);
    const spot = occurrence?.inside && occurrenceSpot(view, occurrence);
    if (spot) word = shift(spot.span, -place.placed.start);
    const found = occurrence
      ? answersTo(view, occurrence)
      : [...pickedBy(view, context.uri, place), ...namedObjects(view, place).map(nameOf), ...patchedObjects(view, context.uri, place)];
    return distinct(found).flatMap((one) => occurrenceSpot(view, one) ?? []);
  });
  return targets.length === 0 ? undefined : { word: shift(word, place.placed.start), targets: once(targets) };
}

function answersTo(view: ClusterView, occurrence: Occurrence): readonly Occurrence[] {
  return occurrence.echoOf ? [originOf(occurrence)] : linksOf(view, occurrence, 'pair');
}

/** A file that is part of several clusters shows each place once. */
function once(spots: readonly OccurrenceSpot[]): readonly OccurrenceSpot[] {
  return [...new Map(spots.map((spot) => [`${spot.uri} ${spot.span.start}`, spot])).values()];
}

/** The names of what the selector at a place picks: on its key, or on the empty selector itself. */
function pickedBy(view: ClusterView, uri: string, place: Place): readonly Occurrence[] {
  if (place.on !== 'key' && !(place.node.kind === 'map' && place.node.pairs.length === 0) && !isNull(place.node)) return [];
  const key = keyOf(view.snapshot, normalizeUri(uri), place.placed);
  const object = key === undefined ? undefined : objectOf(view, key);
  const parts = object ? selectorPartsOf(object).filter(({ selector }) => samePath(selector.path, place.path)) : [];
  if (parts.length === 0) return [];
  return objectsIn(view).flatMap((holder) =>
    holder.outside === undefined && parts.some((part) => picks(view, part, holder)) ? [nameOf(holder)] : [],
  );
}

function picks(view: ClusterView, { of, selector, within }: SelectorPart, { resource }: WorkspaceObject): boolean {
  if (selector.unreadable !== undefined) return false;
  if (resource.role === 'workload' && of === 'pod')
    return selects(selector, resource.value.labels) && (!within || includesNamespace(view, within, resource.value.namespace));
  const isLike = (resource.role === 'namespace' && of === 'namespace') || (resource.role === 'node' && of === 'node');
  return isLike && selects(selector, resource.value.labels);
}

function nameOf({ key, resource }: WorkspaceObject): Occurrence {
  return { kind: 'namespace', key, path: ['metadata', 'name'], on: 'value', text: resource.value.name };
}
