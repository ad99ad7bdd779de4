import { quote } from '../../base/english.ts';
import { shift } from '../../base/span.ts';
import { fits } from '../../rules/schema/formats.ts';
import { textIn } from '../../model/read.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { manifestsIn } from '../../syntax/manifest.ts';
import { placesOf } from '../../syntax/source-file.ts';
import { lookUp } from '../../workspace/persistent-map.ts';
import { uriOf } from '../../workspace/record.ts';
import { membershipsOf } from '../../workspace/universe.ts';
import { nameOf } from '../../workspace/uri.ts';
import type { Relative } from './rename-set.ts';
import { isDefiner, mentionId, type Mention } from '../navigation/occurrence.ts';
import { mentionsIn } from '../navigation/occurrences-in.ts';
import { spotOf, type Spot } from '../navigation/place.ts';
import { holderOf, holdersIn, type Holder, type View } from '../navigation/cluster-view.ts';

/** Namespaces that every cluster has (kubernetes `pkg/controlplane`, system namespaces). */
const BUILT_IN: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Why a word cannot be renamed whatever else there is; `undefined` where it may be. */
export function whyFixed(mention: Mention): string | undefined {
  if ((mention.kind === 'port' || mention.kind === 'asked port') && mention.means === 'number')
    return 'A port number is chosen by the program that listens on it. Only names of ports can be renamed.';
  if (mention.kind === 'asked namespace' && mention.text !== mention.name)
    return 'Kubernetes itself puts this label on every namespace, so its key cannot be renamed.';
  if ((mention.kind === 'namespace' || mention.kind === 'asked namespace') && BUILT_IN.includes(mention.text))
    return `Every cluster has the namespace ${quote(mention.text)}; it cannot be renamed.`;
  if (partOf(mention) === 'node') return 'Nodes get their labels in the cluster, not from these files. Rename them there.';
  return undefined;
}

/** Labels of what? `undefined` for what is no label. */
function partOf(mention: Mention): 'pod' | 'namespace' | 'node' | undefined {
  if (mention.kind === 'label') return mention.holder.of;
  return mention.kind === 'asked label' ? mention.part.of : undefined;
}

/** Why a new name is not allowed there at all. */
export function whyMisspelt(mention: Mention, name: string): string | undefined {
  const rule =
    RULES[
      mention.kind === 'label' || mention.kind === 'asked label' ? mention.means : mention.kind.endsWith('port') ? 'port' : 'namespace'
    ];
  return fits(rule.format, name) ? undefined : `${quote(name)} cannot be ${rule.what}: ${rule.form}.`;
}

const RULES = {
  key: {
    format: 'label-key',
    what: 'a label key',
    form: 'at most 63 letters, digits, dashes, underscores and dots, a letter or digit at both ends, and in front of it a domain and a slash if you like',
  },
  value: {
    format: 'label-value',
    what: 'a label value',
    form: 'at most 63 letters, digits, dashes, underscores and dots, with a letter or digit at both ends',
  },
  port: {
    format: 'port-name',
    what: 'the name of a port',
    form: 'at most 15 small letters, digits and single dashes, with at least one letter',
  },
  namespace: {
    format: 'dns-label-namespace',
    what: 'the name of a namespace',
    form: 'at most 63 small letters, digits and dashes, with a letter or digit at both ends',
  },
} as const;

/** Where to write the new name; or why it would not reach everything that belongs together. */
export function whyTorn(
  start: Mention,
  family: readonly Relative[],
): { readonly ok: true; readonly spots: readonly Spot[] } | { readonly ok: false; readonly why: string } {
  const no = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why });
  if (!family.some(({ mention }) => isDefiner(mention))) return no(whyHomeless(start));
  const spots: Spot[] = [];
  for (const { view, mention } of family) {
    const spot = spotOf(view, mention);
    if (isOptional(mention) && !spot) continue;
    const why = whyUnwritable(view, mention, spot);
    if (why !== undefined || !spot) return no(why ?? '');
    spots.push(spot);
  }
  const twisted = whyTwisted(start, family);
  if (twisted !== undefined) return no(twisted);
  const views = [...new Map(family.map(({ view }) => [view.universe.id, view])).values()];
  const unread = views.flatMap((view) => holdersIn(view).flatMap((holder) => whyUnread(start, family, holder) ?? []));
  if (unread[0] !== undefined) return no(unread[0]);
  const isNamespace = start.kind === 'namespace' || start.kind === 'asked namespace';
  return { ok: true, spots: isNamespace ? [...spots, ...views.flatMap((view) => otherHomes(view, start.text))] : spots };
}

function whyHomeless(start: Mention): string {
  if (start.kind === 'asked label') {
    const { key, values } = start.requirement;
    const label = quote(start.means === 'key' || values.length === 0 ? key : `${key}=${start.text}`);
    return `Nothing in this workspace that the selector could pick has the label ${label}. Renaming it here alone would change what is selected.`;
  }
  if (start.kind === 'asked port')
    return `No container port in this workspace that is meant here has the name ${quote(start.text)}. Renaming it here alone would close it.`;
  return `The namespace ${quote(start.text)} is not defined in this workspace. Renaming it here alone would lose it.`;
}

/** The label that repeats the name of a Namespace need not be written. */
function isOptional({ kind, path }: Mention): boolean {
  return kind === 'namespace' && path[1] === 'labels';
}

function whyUnwritable({ snapshot, universe }: View, mention: Mention, spot: Spot | undefined): string | undefined {
  const uri = uriOf(mention.key);
  const steps = membershipsOf(snapshot.layout, uri).find((one) => one.universe === universe.id)?.transform?.steps ?? [];
  const label = mention.kind === 'label' ? mention.label : mention.kind === 'asked label' ? mention.requirement.key : undefined;
  const isMade = steps.some(({ namespace, labels }) =>
    label === undefined
      ? mention.kind.endsWith('namespace') && namespace === mention.text
      : labels.some(({ pairs }) => Object.hasOwn(pairs, label)),
  );
  if (!spot || isMade) return `In ${nameOf(uri)} a kustomization sets ${quote(mention.text)}. Rename it there.`;
  if (spot.shared) return `In ${nameOf(uri)} an anchor shares ${quote(mention.text)} with other fields. Write it out there first.`;
  return spot.node.style === 'literal' || spot.node.style === 'folded'
    ? `In ${nameOf(uri)} ${quote(mention.text)} is a block of text. Write it on one line first.`
    : undefined;
}

/** A map that an anchor shares may be meant elsewhere in the manifest as well, where the word must stay. */
function whyTwisted(start: Mention, family: readonly Relative[]): string | undefined {
  const ids = new Set(family.map(({ mention }) => mentionId(mention)));
  for (const { view, mention } of family) {
    const spot = spotOf(view, mention);
    const holder = holderOf(view, mention.key);
    if (!spot || !holder || !spot.placed.manifest.piece.text.includes('*')) continue;
    const isTwin = (other: Mention): boolean => !ids.has(mentionId(other)) && spotOf(view, other)?.span.start === spot.span.start;
    if (mentionsIn(holder).some(isTwin))
      return `In ${nameOf(uriOf(mention.key))} an anchor shares ${quote(start.text)} with other fields. Write it out there first.`;
  }
  return undefined;
}

/** What takes no part in verdicts is found by no index, but may say the same word. */
function whyUnread(start: Mention, family: readonly Relative[], holder: Holder): string | undefined {
  if (holder.outside === undefined) return undefined;
  const isRelative = (one: Mention): boolean =>
    one.kind.replace('asked ', '') === start.kind.replace('asked ', '') &&
    partOf(one) === partOf(start) &&
    one.text === start.text &&
    one.on === start.on;
  const own = mentionsIn(holder).filter(isRelative);
  const isIn = own.some((one) => family.some(({ mention }) => mention.key === one.key));
  if (own.length === 0 || isIn || !isNear(holder, family)) return undefined;
  const { kind, name } = titled(holder);
  return `${kind} ${quote(name)} in ${nameOf(uriOf(holder.key))} says ${quote(start.text)} as well, but part of it cannot be read. Rename it by hand.`;
}

/** Does it live where one of the family lives? What cannot be read may live anywhere. */
function isNear({ resource }: Holder, family: readonly Relative[]): boolean {
  if (resource.role !== 'workload' && resource.role !== 'service') return true;
  const { namespace } = resource.value;
  return namespace === '' || family.some(({ mention }) => mention.kind === 'label' && mention.holder.namespace === namespace);
}

/** What an object is called in a sentence. */
export function titled({ key, resource }: Pick<Holder, 'key' | 'resource'>): { readonly kind: string; readonly name: string } {
  const [kind = ''] = (key.split('\n')[1] ?? '').split('/');
  const namespace = 'namespace' in resource.value ? resource.value.namespace : undefined;
  return { kind, name: namespace === undefined || namespace === '' ? resource.value.name : `${namespace}/${resource.value.name}` };
}

/** Objects of other kinds that live in a namespace, in the files that also hold something of ours. */
function otherHomes({ snapshot, universe }: View, name: string): readonly Spot[] {
  return universe.files.flatMap(({ uri }) => {
    const record = lookUp(snapshot.records, uri);
    const read = new Set(record?.entries.map(({ piece }) => piece));
    return (record ? placesOf(record.file) : []).flatMap(({ piece, start, document, prefix }) => {
      if (!record || read.has(piece) || !piece.text.includes(name)) return [];
      return manifestsIn(piece).flatMap((manifest): readonly Spot[] => {
        const node = nodeAt(manifest.root, ['metadata', 'namespace']);
        if (node?.kind !== 'scalar' || textIn(node) !== name) return [];
        const placed = { manifest, start, document, prefix: [...prefix, ...manifest.inner] };
        return [{ uri, file: record.file, placed, node, span: shift(node.span, start), shared: false }];
      });
    });
  });
}
