import { shift, touches, type Span } from '../../base/span.ts';
import { selectorPieces } from '../../model/calico/selector/in-yaml.ts';
import { given, textIn } from '../../model/read.ts';
import { readMatchLabels, readSelector } from '../../model/read-selector.ts';
import { placeAt, type Place } from '../../syntax/locate.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import { scalarOffsets } from '../../syntax/scalar-offsets.ts';
import type { PlacedManifest, SourceFile } from '../../syntax/source-file.ts';
import { isNull, pairOf, type ScalarNode } from '../../syntax/tree.ts';
import { locate, writtenKeyOf } from '../../workspace/locate.ts';
import { builtTouching, keysIn } from '../../workspace/snapshot.ts';
import { normalizeUri } from '../../workspace/uri.ts';
import { occurrenceId, type PortDefinition, type LabelDefinition, type Occurrence } from './occurrence.ts';
import { occurrencesIn } from './occurrences-in.ts';
import { objectOf, type ClusterView } from './cluster-view.ts';

/** A word and where it stands now. */
export interface OccurrenceSpot {
  readonly uri: string;
  readonly file: SourceFile;
  readonly placed: PlacedManifest;
  readonly node: ScalarNode;
  /** In offsets of the whole file. */
  readonly span: Span;
  /** What stands in front of the word in the same scalar: the source of a label (`k8s:`) in a selector of Cilium. */
  readonly prefix: string;
  /** Does the value come from another place of the manifest, or serve another one too, by an anchor? */
  readonly shared: boolean;
  /** Is it one word of a longer value? */
  readonly isPart?: true;
}

/** The word of an expression, where it stands in one piece in the text. */
function wordSpan(source: string, node: ScalarNode, inside: Span, text: string): Span | undefined {
  const offsets = node.text.slice(inside.start, inside.end) === text ? scalarOffsets(node, source) : undefined;
  const [only, ...more] = offsets ? selectorPieces(source, offsets, inside) : [];
  return only && more.length === 0 && source.slice(only.start, only.end) === text ? only : undefined;
}

/**
 * Where an occurrence stands. `undefined` where its word is not there: a kustomization adds or changes it, a field is left to its default, or
 * the manifest is gone.
 */
export function occurrenceSpot({ snapshot }: ClusterView, occurrence: Occurrence): OccurrenceSpot | undefined {
  const { key, path, on, text, inside } = occurrence;
  const found = locate(snapshot, key, path);
  const root = found?.placed.manifest.root;
  if (!found || !root) return undefined;
  // A build may have brought the field in: from a patch, or from a kustomization.
  const there = found.path;
  const last = there.at(-1);
  const written =
    on === 'value' ? nodeAt(root, there) : typeof last === 'string' ? pairOf(nodeAt(root, there.slice(0, -1)), last)?.key : undefined;
  const node = written?.kind === 'alias' ? written.target : written;
  if (node?.kind !== 'scalar' || node.hole) return undefined;
  const { uri, file, placed } = found;
  const shared = written?.kind === 'alias' || node.anchor !== undefined;
  if (inside) {
    // What an alias brings in has its words at its anchor.
    const word = written?.kind === 'alias' ? undefined : wordSpan(placed.manifest.piece.text, node, inside, text);
    return word && { uri, file, placed, node, span: shift(word, placed.start), prefix: '', shared, isPart: true };
  }
  const prefix = prefixIn(isNull(node) ? '' : textIn(node), occurrence);
  if (prefix === undefined) return undefined;
  return { uri, file, placed, node, span: shift(written?.span ?? node.span, placed.start), prefix, shared };
}

/** What a text has in front of the word of an occurrence; `undefined` where the word is not there. */
function prefixIn(text: string | undefined, occurrence: Occurrence): string | undefined {
  if (text === occurrence.text) return '';
  const isKey = occurrence.kind === 'referenced label' && occurrence.means === 'key';
  if (!isKey || text?.endsWith(occurrence.text) !== true) return undefined;
  const prefix = text.slice(0, text.length - occurrence.text.length);
  return LABEL_PREFIX.test(prefix) ? prefix : undefined;
}

/** The source of a label, and that it is one of the namespace, as selectors of Cilium have it. */
const LABEL_PREFIX = /^(?:(?:any|k8s):)?(?:io\.cilium\.k8s\.namespace\.labels\.)?$/;

/**
 * The occurrence that stands at an offset of a file, as a cluster has it. In a manifest whose value a build replaces it is the value that
 * the cluster has; in a patch or a kustomization it is the one of an object that it changes.
 */
export function occurrenceAt(view: ClusterView, address: string, place: Place): Occurrence | undefined {
  const uri = normalizeUri(address);
  const { snapshot, universe } = view;
  const raw = writtenKeyOf(snapshot, uri, place.placed);
  for (const key of raw === undefined ? [] : keysIn(snapshot, universe.id, raw)) {
    const object = objectOf(view, key);
    const own = object ? occurrencesIn(object, place.path) : [];
    const isHere = (one: Occurrence): boolean => one.on === place.on && samePath(one.path, place.path) && isAtCursor(view, one, place);
    const found = own.find(isHere) ?? own.flatMap((occurrence) => echoesOf(view, occurrence)).find(isHere);
    const spot = found && occurrenceSpot(view, found);
    // Of two equal keys only the last counts; the other one names nothing.
    const isOther =
      spot && !spot.isPart && spot.placed.manifest === place.placed.manifest && spot.span.start !== place.placed.start + place.span.start;
    if (found && !isOther) return found;
  }
  for (const { member } of builtTouching(snapshot, universe.id, uri)) {
    const found = occurrencesIn(member).find((occurrence) => {
      const spot = occurrence.on === place.on ? occurrenceSpot(view, occurrence) : undefined;
      if (spot?.uri !== uri) return false;
      return spot.isPart
        ? touches(spot.span, place.placed.start + place.offset)
        : spot.span.start === place.placed.start + place.span.start;
    });
    if (found) return found;
  }
  return undefined;
}

/** Of the words of one value, only the one at the cursor is meant. */
function isAtCursor(view: ClusterView, occurrence: Occurrence, { placed, offset }: Place): boolean {
  if (!occurrence.inside) return true;
  const spot = occurrenceSpot(view, occurrence);
  return spot !== undefined && spot.placed.manifest === placed.manifest && touches(spot.span, placed.start + offset);
}

/** What stands at an offset of a file. */
export function placeIn(file: SourceFile, offset: number): Place | undefined {
  const place = placeAt(file, offset);
  return place && (place.on === 'key' || place.on === 'value') ? place : undefined;
}

/**
 * Other places of the same manifest that must say the same word: the selector by which a controller knows its own pods, and the probes of
 * a container that name its port. These are read from the text, because only this function needs them.
 */
export function echoesOf(view: ClusterView, occurrence: Occurrence): readonly Occurrence[] {
  if (occurrence.echoOf) return [];
  if (occurrence.kind === 'label' && occurrence.owner.of === 'pod') return ownSelectorEchoes(view, occurrence);
  return occurrence.kind === 'port' ? probeEchoes(view, occurrence) : [];
}

/** apps/v1: `spec.selector` must match the labels of the template. */
function ownSelectorEchoes(view: ClusterView, definition: LabelDefinition): readonly LabelDefinition[] {
  // Of `spec.template.metadata.labels.app` what is next to the template.
  const path = [...definition.path.slice(0, -4), 'selector'];
  if (definition.path.at(-4) !== 'template') return [];
  const root = locate(view.snapshot, definition.key, [])?.placed.manifest.root;
  const node = nodeAt(root, path);
  // core/v1: a ReplicationController has a plain map of labels there.
  const isPlain = textIn(given(root, 'kind')) === 'ReplicationController';
  const echoOf = { path: definition.path, on: definition.on };
  const requirements = isPlain ? readMatchLabels(node, path, 'empty', []) : readSelector(node, path, 'empty').requirements;
  return requirements
    .filter(({ key }) => key === definition.label)
    .flatMap((requirement): readonly LabelDefinition[] => {
      const isEntry = typeof requirement.path.at(-1) === 'string';
      if (definition.means === 'key') {
        return [
          isEntry
            ? { ...definition, echoOf, path: requirement.path, on: 'key' }
            : { ...definition, echoOf, path: [...requirement.path, 'key'], on: 'value' },
        ];
      }
      const at = requirement.values.indexOf(definition.value);
      return at === -1
        ? []
        : [{ ...definition, echoOf, path: isEntry ? requirement.path : [...requirement.path, 'values', at], on: 'value' }];
    });
}

const PROBES: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

/** Probes and hooks look a port name up in their own container (core/v1, `HTTPGetAction.port`). */
function probeEchoes(view: ClusterView, definition: PortDefinition): readonly PortDefinition[] {
  const root = locate(view.snapshot, definition.key, [])?.placed.manifest.root;
  const container = definition.port.path.slice(0, -2);
  return PROBES.flatMap((probe) => ['httpGet', 'tcpSocket'].map((action): Path => [...container, ...probe, action, 'port']))
    .filter((path) => textIn(nodeAt(root, path)) === definition.text)
    .map((path) => ({ ...definition, path, echoOf: { path: definition.path, on: definition.on } }));
}

/** The occurrence that another one repeats; itself where it repeats none. */
export function originOf<M extends Occurrence>(occurrence: M): M {
  return occurrence.echoOf ? { ...occurrence, ...occurrence.echoOf, echoOf: undefined } : occurrence;
}

/** Each occurrence once, in the order of their first coming. */
export function distinct(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  return [...new Map(occurrences.map((occurrence) => [occurrenceId(occurrence), occurrence])).values()];
}
