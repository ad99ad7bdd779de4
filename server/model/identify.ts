import { memo } from '../base/memo.ts';
import { typoDistance } from '../base/near.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { asMap, asSeq, content, get, isNull, stringOf, type Node } from '../syntax/tree.ts';
import { customKind, mayBeCustom } from './custom-resource.ts';
import { isDialect, isSibling } from './dialects.ts';
import { apiVersionOf, apiVersionsOf, isJudged, type JudgedKindEntry, type Kind, type OtherKindEntry } from './kind.ts';
import { CALLER_KINDS, kindOf, KINDS, policyKind, POLICY_GROUPS, UPSTREAM_KINDS } from './kinds.ts';
import { isVendorKind, isVendorVersion, vendorFragment, vendorKindIn, VENDOR_WORDS } from './vendor-identity.ts';

/** What a document is to this program. Only what is ours is judged; everything else gets no findings, not even about its YAML. */
export type Identity = Ours | NotOurs;

export interface Ours {
  readonly ours: true;
  /** The kind that the document names or clearly means. */
  readonly kind: JudgedKindEntry | undefined;
  /** What is wrong about `apiVersion` and `kind`; none for a document that names its kind rightly. */
  readonly mistakes: readonly IdentityMistake[];
}

export interface NotOurs {
  readonly ours: false;
  /** `workspace`: something that policies act on, or that says who connects to what; `sibling`: of our group but no policy; `dialect`: of another policy API. */
  readonly why: 'workspace' | 'sibling' | 'dialect' | 'other';
  readonly kind?: OtherKindEntry;
}

/** A wrong `apiVersion` or `kind`. */
export interface IdentityMistake {
  readonly field: 'apiVersion' | 'kind';
  /** As it stands there; `undefined` where the field is missing, empty or no text. */
  readonly written?: string;
  /** What it should be; `undefined` if there is no suggestion. */
  readonly meant?: string;
}

/** Is this document ours? The items of a PodList or a NetworkPolicyList need not say what they are. */
export const identify: (manifest: Manifest) => Identity = memo(identityOf);

function identityOf(manifest: Manifest): Identity {
  const map = asMap(manifest.root);
  if (!map) return identifyFragment(manifest);
  const [apiVersion, kind] = [wordOf(get(map, 'apiVersion')), wordOf(get(map, 'kind'))];
  if (!apiVersion.text && !kind.text && !apiVersion.hole && !kind.hole) {
    const implied = KINDS.find((candidate) => `${candidate.kind}List` === manifest.list);
    if (implied) return isJudged(implied) ? ours(implied) : { ours: false, why: 'workspace', kind: implied };
    return manifest.problems.length > 0 ? identifyFragment(manifest) : OTHER;
  }
  const found = identifyNamed(apiVersion, kind, map);
  const isForeign = !found.ours && (found.why === 'other' || found.why === 'dialect');
  // Of a custom resource its pods matter, whatever API it belongs to.
  const custom = isForeign ? customKind(apiVersion.text, kind.text, map) : undefined;
  if (custom) return { ours: false, why: 'workspace', kind: custom };
  return !found.ours && found.why === 'other' && isSwallowed(kind, apiVersion, manifest) ? identifyFragment(manifest) : found;
}

/** Did a fault of the YAML, and no template, take the words that say what the document is? Then its text must tell. */
function isSwallowed(kind: Word, apiVersion: Word, { problems, holes }: Manifest): boolean {
  return problems.length > 0 && holes.length === 0 && (kind.hole || apiVersion.hole);
}

const OTHER: NotOurs = { ours: false, why: 'other' };

interface Word {
  /** `''` where there is none. */
  readonly text: string;
  /** The value, if it is a string. */
  readonly written: string | undefined;
  readonly hole: boolean;
}

function wordOf(node: Node | undefined): Word {
  const at = node && content(node);
  const written = stringOf(node);
  return { text: written?.trim() ?? '', written: written === '' ? undefined : written, hole: at !== undefined && at.hole };
}

function identifyNamed(apiVersion: Word, kind: Word, map: Node): Identity {
  const group = groupOf(apiVersion.text);
  const found = kindOf(apiVersion.text, kind.text);
  if (found?.role === 'caller') return { ours: false, why: 'workspace', kind: found };
  if (found?.role === 'unevaluated') return { ours: false, why: 'dialect', kind: found };
  if (found && isJudged(found) && isVendorKind(found)) return get(get(map, 'sops'), 'mac') === undefined ? ours(found) : OTHER;
  const vendor = kind.hole || apiVersion.hole ? undefined : vendorKindIn(apiVersion.text, kind.text);
  if (vendor) return withMistakes(vendor, apiVersion, kind);
  if (kind.text === '' && !kind.hole && isVendorVersion(apiVersion.text)) return ours(undefined, mistake('kind', kind, undefined));
  if (isDialect(group)) return { ours: false, why: 'dialect' };
  if (found && !isJudged(found)) return { ours: false, why: 'workspace', kind: found };
  if (isSibling(kind.text)) return { ours: false, why: 'sibling' };
  // SOPS leaves kind and name in plain text and encrypts values: nothing else of it can be judged before it is decrypted.
  if (get(get(map, 'sops'), 'mac') !== undefined) return OTHER;
  // What a template fills in cannot be judged; the other half must then say enough.
  if (kind.hole || isWrapper(kind.text)) return OTHER;
  const named = policyKind(kind.text, 'kubernetes');
  if (named) return !found && isOtherKind(group, map) ? OTHER : withMistakes(named, apiVersion, kind);
  if (apiVersion.hole) return OTHER;
  return identifyMisspelt(apiVersion, kind, map);
}

/** The kind is missing or none that is known. */
function identifyMisspelt(apiVersion: Word, kind: Word, map: Node): Identity {
  const group = groupOf(apiVersion.text);
  const certain = POLICY_GROUPS.includes(group);
  const meant =
    meantKind(kind.text, apiVersion.text, certain) ?? (certain || kind.text === '' ? shapedLike(apiVersion.text, map) : undefined);
  if (certain) return withMistakes(meant, apiVersion, kind);
  const nearGroup = nearApiVersion(apiVersion.text) !== undefined;
  if (nearGroup) return meant || kind.text === '' ? withMistakes(meant, apiVersion, kind) : OTHER;
  const isForeign = group.includes('.') || kindExists(apiVersion.text);
  return meant && kind.text !== '' && !isForeign ? withMistakes(meant, apiVersion, kind) : OTHER;
}

function ours(kind: JudgedKindEntry | undefined, ...mistakes: readonly IdentityMistake[]): Ours {
  return { ours: true, kind, mistakes };
}

function withMistakes(kind: JudgedKindEntry | undefined, apiVersion: Word, written: Word): Ours {
  const mistakes: IdentityMistake[] = [];
  const expected = kind ? apiVersionOf(kind) : nearApiVersion(apiVersion.text);
  // White space around a word is part of it to the API server.
  if (
    !apiVersion.hole &&
    !(kind ? [kind] : UPSTREAM_KINDS).some((candidate) => apiVersionsOf(candidate).some((one) => one === apiVersion.written))
  ) {
    mistakes.push(mistake('apiVersion', apiVersion, expected));
  }
  if (kind?.kind !== written.written || !kind) mistakes.push(mistake('kind', written, kind?.kind));
  return ours(kind, ...mistakes);
}

function mistake(field: IdentityMistake['field'], word: Word, meant: string | undefined): IdentityMistake {
  return { field, ...(word.written === undefined ? {} : { written: word.written }), ...(meant === undefined ? {} : { meant }) };
}

/** `networking.k8s.io/v1` gives the group; an apiVersion without a slash is of the core group. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** Is it the List of policies or of their siblings? The wrapper itself is never judged. */
function isWrapper(kind: string): boolean {
  return kind.endsWith('List') && (kind === 'List' || policyKind(kind.slice(0, -'List'.length)) !== undefined);
}

/** Two slips at most: `NetworkPolicy` and `networking.k8s.io` are long enough that nothing else lies that near. */
const MAX_TYPOS = 2;

/** The nearest of some words; letter case does not count. Of equally near ones the first. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const distances = candidates.map((candidate) => typoDistance(word.toLowerCase(), candidate.toLowerCase(), MAX_TYPOS));
  const least = Math.min(...distances);
  return least <= MAX_TYPOS ? candidates[distances.indexOf(least)] : undefined;
}

/** The policy kind that a misspelt word means. In a group of ours, the beginning of the word is enough: it may still be being typed. */
function meantKind(word: string, apiVersion: string, certain: boolean): JudgedKindEntry | undefined {
  if (word.length < 2) return undefined;
  const ordered = [...UPSTREAM_KINDS].sort((a, b) => closeness(b, apiVersion) - closeness(a, apiVersion));
  const plain = word.replace(/[\s_-]+/g, '');
  const words = ordered.flatMap((kind) => [kind.kind, kind.plural, `${kind.kind}s`]);
  const near = nearest(plain, words);
  const found = near === undefined ? undefined : ordered.find((kind) => [kind.kind, kind.plural, `${kind.kind}s`].includes(near));
  return found ?? (certain ? ordered.find((kind) => kind.kind.toLowerCase().startsWith(plain.toLowerCase())) : undefined);
}

function closeness(kind: JudgedKindEntry, apiVersion: string): number {
  if (apiVersionsOf(kind).includes(apiVersion)) return 2;
  return kind.group === groupOf(apiVersion) ? 1 : 0;
}

/** Our apiVersion that a misspelt, half-typed or withdrawn one means. */
function nearApiVersion(apiVersion: string): string | undefined {
  if (apiVersion.length < 4) return undefined;
  const candidates = [...new Set(UPSTREAM_KINDS.flatMap(apiVersionsOf))];
  const near =
    nearest(apiVersion, candidates) ??
    candidates.find((candidate) => candidate.startsWith(apiVersion) && apiVersion.length >= 'networking'.length);
  if (near !== undefined) return near;
  const group =
    nearest(groupOf(apiVersion) || apiVersion, POLICY_GROUPS) ??
    [...POLICY_GROUPS].reverse().find((candidate) => apiVersion.includes(candidate));
  return candidates.find((candidate) => groupOf(candidate) === group);
}

/** Is the apiVersion one of a kind that is read, such as `apps/v1`? Then a strange kind in it is not misspelt ours. */
function kindExists(apiVersion: string): boolean {
  return apiVersion !== '' && KINDS.some((kind) => !isJudged(kind) && kind.group !== '' && apiVersionOf(kind) === apiVersion);
}

/** A kind of our name in a group of an unknown domain: ours only if its spec looks like ours. */
function isOtherKind(group: string, map: Node): boolean {
  if (!group.includes('.') || nearApiVersion(`${group}/v1`) !== undefined) return false;
  const spec = get(map, 'spec');
  return spec !== undefined && !isNull(spec) && SHAPE.every((field) => get(spec, field) === undefined);
}

const SHAPE = ['podSelector', 'policyTypes', 'ingress', 'egress', 'subject', 'tier'];

/** The kind that the fields of a document without a (readable) kind point to. */
function shapedLike(apiVersion: string, map: Node): JudgedKindEntry | undefined {
  const spec = get(map, 'spec');
  const candidates = UPSTREAM_KINDS.filter((kind) => apiVersionsOf(kind).includes(apiVersion));
  const has = (field: string): boolean => get(spec, field) !== undefined;
  if (has('podSelector') || has('policyTypes')) return candidates.find((kind) => kind.scope === 'Namespaced');
  if (!has('subject') && !has('tier')) return undefined;
  return candidates.find(
    (kind) => kind.scope === 'Cluster' && (candidates.length === 1 || has('priority') === (kind.fields ?? []).includes('priority')),
  );
}

/** A document says what it is near its start. */
const MAX_IDENTIFIED_CHARACTERS = 20_000;

/** A text that is not a mapping, or too broken to show what it is, is ours when it names one of our groups or kinds. */
function identifyFragment({ root, problems, piece, inner }: Manifest): Identity {
  if (inner.length > 0 || (asSeq(root) && problems.length === 0 && !itemsNameUs(root))) return OTHER;
  const vendor = problems.length > 0 ? vendorFragment(piece.text.slice(0, MAX_IDENTIFIED_CHARACTERS)) : undefined;
  if (vendor) return ours(vendor);
  const text = piece.text.slice(0, MAX_IDENTIFIED_CHARACTERS).replace(/(^|[ \t])#[^\r\n]*/gm, '');
  const named = NAMED.exec(text);
  if (!named || DIALECT_GROUP.test(text)) return OTHER;
  const kind = /^[ \t-]*["']?kind\b["']?[ \t]*:?[ \t]*["']?([A-Za-z]+)/m.exec(text)?.[1];
  if (kind !== undefined && !meantKind(kind, '', true)) return OTHER;
  return ours(policyKind(kind ?? '', 'kubernetes') ?? policyKind(named[1] ?? '', 'kubernetes'));
}

/** `NetworkPolicy` is not part of a longer word, such as CiliumNetworkPolicy. */
const NAMED = new RegExp(
  `(?:^|[^\\w.-])(?:${POLICY_GROUPS.join('|').replaceAll('.', '\\.')})/|\\b(${UPSTREAM_KINDS.map((kind) => kind.kind).join('|')})\\b`,
  'm',
);
const DIALECT_GROUP =
  /^[ \t-]*["']?apiVersion\b["']?[ \t]*:?[ \t]*["']?(?:[\w.-]*\.)?(?:projectcalico\.org|cilium\.io|antrea\.io|antrea\.tanzu\.vmware\.com)\//m;

/** A list of whole manifests without the List around it. Other lists, such as JSON patches, may name our kinds for many reasons. */
function itemsNameUs(root: Node | undefined): boolean {
  return (
    asSeq(root)?.items.some(
      ({ value }) => get(value, 'apiVersion') !== undefined && policyKind(stringOf(get(value, 'kind')) ?? '', 'kubernetes') !== undefined,
    ) === true
  );
}

const WORKSPACE_KIND = kindsIn(KINDS.filter(({ role }) => role !== 'caller'));
const CALLER_KIND = kindsIn(CALLER_KINDS);

function kindsIn(kinds: readonly Kind[]): RegExp {
  return new RegExp(`kind["']?\\s*:\\s*["']?(?:${kinds.map((kind) => kind.kind).join('|')})(?:List)?\\b`);
}

/** Whatever is near enough to one of our groups or kinds to be a misspelling of it keeps one of these. */
const NEAR = /(?:apiVersion|kind)["']?\s*:\s*\S{0,40}(?:netw|twork|olic)/i;

const DEFINITION = /^kind:[ \t]*["']?CustomResourceDefinition\b/m;
const SEPARATOR = /^(?:---|\.\.\.)(?=\s|$)/m;

/** Can the text hold anything that is ours or that policies act on? A cheap look, so that unrelated YAML need not be parsed at all. */
export function mayMatter(text: string): boolean {
  if (DEFINITION.test(text)) {
    // The schemas in it name many kinds, and are long. Other documents of the file are looked at by themselves.
    const documents = text.split(SEPARATOR);
    return documents.length === 1 ? mayCall(text) : documents.some(mayMatter);
  }
  return NAMED.test(text) || NEAR.test(text) || VENDOR_WORDS.test(text) || WORKSPACE_KIND.test(text) || mayCall(text) || mayBeCustom(text);
}

/** Most definitions of custom resources have no webhook, and most bindings are for people: those are not parsed. */
function mayCall(text: string): boolean {
  return (
    CALLER_KIND.test(text) &&
    CALLER_KINDS.some(({ kind, needs }) => text.includes(kind) && (typeof needs === 'string' ? text.includes(needs) : needs.test(text)))
  );
}
