import { KUBE_SYSTEM } from '../../model/namespace.ts';
import { quote } from '../../base/english.ts';
import { shift } from '../../base/span.ts';
import { fits } from '../../rules/schema/formats.ts';
import { textIn } from '../../model/read.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { manifestsIn } from '../../syntax/manifest.ts';
import { placesOf } from '../../syntax/source-file.ts';
import { lookUp } from '../../workspace/persistent-map.ts';
import { uriOf } from '../../workspace/record.ts';
import { fileNameOf } from '../../workspace/uri.ts';
import type { RenameTarget } from './rename-set.ts';
import { isDefinition, occurrenceId, type Occurrence } from '../navigation/occurrence.ts';
import { occurrencesIn } from '../navigation/occurrences-in.ts';
import { occurrenceSpot, type OccurrenceSpot } from '../navigation/place.ts';
import { objectOf, objectsIn, type WorkspaceObject, type ClusterView } from '../navigation/cluster-view.ts';

/** Namespaces that every cluster has (kubernetes `pkg/controlplane`, system namespaces). */
const BUILT_IN: readonly string[] = ['default', KUBE_SYSTEM, 'kube-public', 'kube-node-lease'];

/** Why an occurrence cannot be renamed, independent of the rest of the workspace; `undefined` where it may be. */
export function whyNotRenamable(occurrence: Occurrence): string | undefined {
  if ((occurrence.kind === 'port' || occurrence.kind === 'referenced port') && occurrence.means === 'number')
    return 'A port number is chosen by the program that listens on it. Only names of ports can be renamed.';
  if (occurrence.kind === 'referenced namespace' && occurrence.text !== occurrence.name)
    return 'Kubernetes itself puts this label on every namespace, so its key cannot be renamed.';
  if ((occurrence.kind === 'namespace' || occurrence.kind === 'referenced namespace') && BUILT_IN.includes(occurrence.text))
    return `Every cluster has the namespace ${quote(occurrence.text)}; it cannot be renamed.`;
  if (partOf(occurrence) === 'node') return 'Nodes get their labels in the cluster, not from these files. Rename them there.';
  return undefined;
}

/** Labels of what? `undefined` for what is not a label. */
function partOf(occurrence: Occurrence): 'pod' | 'namespace' | 'node' | undefined {
  if (occurrence.kind === 'label') return occurrence.owner.of;
  return occurrence.kind === 'referenced label' ? occurrence.part.of : undefined;
}

/** Why a new name is not allowed there at all. */
export function whyInvalidName(occurrence: Occurrence, name: string): string | undefined {
  const rule =
    RULES[
      occurrence.kind === 'label' || occurrence.kind === 'referenced label'
        ? occurrence.means
        : occurrence.kind.endsWith('port')
          ? 'port'
          : 'namespace'
    ];
  return fits(rule.format, name) ? undefined : `${quote(name)} cannot be ${rule.what}: ${rule.form}.`;
}

const RULES = {
  key: {
    format: 'label-key',
    what: 'a label key',
    form: 'at most 63 letters, digits, dashes, underscores and dots, starting and ending with a letter or digit, optionally with a domain and a slash before it',
  },
  value: {
    format: 'label-value',
    what: 'a label value',
    form: 'at most 63 letters, digits, dashes, underscores and dots, starting and ending with a letter or digit',
  },
  port: {
    format: 'port-name',
    what: 'the name of a port',
    form: 'at most 15 lowercase letters, digits and single dashes, with at least one letter',
  },
  namespace: {
    format: 'dns-label-namespace',
    what: 'the name of a namespace',
    form: 'at most 63 lowercase letters, digits and dashes, starting and ending with a letter or digit',
  },
} as const;

/** Where to write the new name; or why it would not reach everything that belongs together. */
export function placesToRename(
  start: Occurrence,
  targets: readonly RenameTarget[],
): { readonly ok: true; readonly spots: readonly OccurrenceSpot[] } | { readonly ok: false; readonly why: string } {
  const no = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });
  if (!targets.some(({ occurrence }) => isDefinition(occurrence))) return no(whyUndefined(start));
  const spots: OccurrenceSpot[] = [];
  for (const { view, occurrence } of targets) {
    const spot = occurrenceSpot(view, occurrence);
    if (isOptional(occurrence) && !spot) continue;
    const why = whyUnwritable(occurrence, spot);
    if (why !== undefined || !spot) return no(why ?? '');
    if (!spots.some((other) => other.uri === spot.uri && other.span.start === spot.span.start)) spots.push(spot);
  }
  const twisted = whyAnchored(start, targets);
  if (twisted !== undefined) return no(twisted);
  const views = [...new Map(targets.map(({ view }) => [view.universe.id, view])).values()];
  const unread = views.flatMap((view) => objectsIn(view).flatMap((object) => whyUnread(start, targets, object) ?? []));
  if (unread[0] !== undefined) return no(unread[0]);
  const isNamespace = start.kind === 'namespace' || start.kind === 'referenced namespace';
  return { ok: true, spots: isNamespace ? [...spots, ...views.flatMap((view) => otherHomes(view, start.text))] : spots };
}

function whyUndefined(start: Occurrence): string {
  if (start.kind === 'referenced label') {
    const { key, values } = start.requirement;
    const label = quote(start.means === 'key' || values.length === 0 ? key : `${key}=${start.text}`);
    return `Nothing in this workspace that the selector could select has the label ${label}. Renaming only this reference would change what is selected.`;
  }
  if (start.kind === 'referenced port')
    return `No container port that this refers to has the name ${quote(start.text)}. Renaming only this reference would deny the port.`;
  return `The namespace ${quote(start.text)} is not defined in this workspace. Renaming only this reference would select another namespace.`;
}

/** The label that repeats the name of a Namespace need not be written. */
function isOptional({ kind, path }: Occurrence): boolean {
  return kind === 'namespace' && path[1] === 'labels';
}

function whyUnwritable(occurrence: Occurrence, spot: OccurrenceSpot | undefined): string | undefined {
  const uri = uriOf(occurrence.key);
  if (!spot) return `In ${fileNameOf(uri)} a kustomization sets ${quote(occurrence.text)}. Rename it there.`;
  if (spot.shared) return `In ${fileNameOf(uri)} an anchor shares ${quote(occurrence.text)} with other fields. Write it out there first.`;
  if (spot.isPart) return undefined;
  return spot.node.style === 'literal' || spot.node.style === 'folded'
    ? `In ${fileNameOf(uri)} ${quote(occurrence.text)} is a block of text. Write it on one line first.`
    : undefined;
}

/** A map that an anchor shares may be used in another place of the manifest as well, where the word must stay. */
function whyAnchored(start: Occurrence, targets: readonly RenameTarget[]): string | undefined {
  const ids = new Set(targets.map(({ occurrence }) => occurrenceId(occurrence)));
  for (const { view, occurrence } of targets) {
    const spot = occurrenceSpot(view, occurrence);
    const object = objectOf(view, occurrence.key);
    if (!spot || !object || !spot.placed.manifest.piece.text.includes('*')) continue;
    const isTwin = (other: Occurrence): boolean =>
      !ids.has(occurrenceId(other)) && occurrenceSpot(view, other)?.span.start === spot.span.start;
    if (occurrencesIn(object).some(isTwin))
      return `In ${fileNameOf(uriOf(occurrence.key))} an anchor shares ${quote(start.text)} with other fields. Write it out there first.`;
  }
  return undefined;
}

/** What takes no part in verdicts is found by no index, but may say the same word. */
function whyUnread(start: Occurrence, targets: readonly RenameTarget[], object: WorkspaceObject): string | undefined {
  if (object.outside === undefined) return undefined;
  const isRelative = (one: Occurrence): boolean =>
    one.kind.replace('referenced ', '') === start.kind.replace('referenced ', '') &&
    partOf(one) === partOf(start) &&
    one.text === start.text &&
    one.on === start.on;
  const own = occurrencesIn(object).filter(isRelative);
  const isIn = own.some((one) => targets.some(({ occurrence }) => occurrence.key === one.key));
  if (own.length === 0 || isIn || !isNear(object, targets)) return undefined;
  const { kind, name } = occurrenceTitle(object);
  return `${kind} ${quote(name)} in ${fileNameOf(uriOf(object.key))} has ${quote(start.text)} too, but part of it cannot be read. Rename it by hand.`;
}

/** Does it live where one of the family lives? What cannot be read may live anywhere. */
function isNear({ resource }: WorkspaceObject, targets: readonly RenameTarget[]): boolean {
  if (resource.role !== 'workload' && resource.role !== 'service') return true;
  const { namespace } = resource.value;
  return namespace === '' || targets.some(({ occurrence }) => occurrence.kind === 'label' && occurrence.owner.namespace === namespace);
}

/** What an object is called in a sentence. */
export function occurrenceTitle({ key, resource }: Pick<WorkspaceObject, 'key' | 'resource'>): {
  readonly kind: string;
  readonly name: string;
} {
  const [kind = ''] = (key.split('\n')[1] ?? '').split(/[/.]/);
  const namespace = 'namespace' in resource.value ? resource.value.namespace : undefined;
  return { kind, name: namespace === undefined || namespace === '' ? resource.value.name : `${namespace}/${resource.value.name}` };
}

/** Objects of other kinds that live in a namespace, in the files that also hold something of ours. */
function otherHomes({ snapshot, universe }: ClusterView, name: string): readonly OccurrenceSpot[] {
  return universe.files.flatMap(({ uri }) => {
    const record = lookUp(snapshot.records, uri);
    const read = new Set(record?.entries.map(({ piece }) => piece));
    return (record ? placesOf(record.file) : []).flatMap(({ piece, start, document, prefix }) => {
      if (!record || read.has(piece) || !piece.text.includes(name)) return [];
      return manifestsIn(piece).flatMap((manifest): readonly OccurrenceSpot[] => {
        const node = nodeAt(manifest.root, ['metadata', 'namespace']);
        if (node?.kind !== 'scalar' || textIn(node) !== name) return [];
        const placed = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
        return [{ uri, file: record.file, placed, node, span: shift(node.span, start), prefix: '', shared: false }];
      });
    });
  });
}
