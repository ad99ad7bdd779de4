import { typoDistance } from '../base/near.ts';
import { apiVersionsOf, type JudgedKindEntry } from './kind.ts';
import { VENDOR_KINDS } from './kinds.ts';

/** Is it a kind of the API of a network plugin? */
export function isVendorKind({ api }: JudgedKindEntry): boolean {
  return api !== 'kubernetes';
}

/**
 * The kind of a vendor that a wrong `apiVersion` and `kind` mean: a wrong version or a misspelt kind in one of the groups, or a kind that
 * only one API has in another group. Other kinds of these groups (`CiliumNode`, `IPPool`) are right as they are.
 */
export function vendorKindIn(apiVersion: string, kind: string): JudgedKindEntry | undefined {
  const group = groupOf(apiVersion);
  const own = VENDOR_KINDS.filter((one) => groupsOf(one).includes(group));
  if (own.length > 0) return own.find((one) => one.kind === kind) ?? nearestKind(own, kind);
  return VENDOR_KINDS.find((one) => one.kind === kind && isUnmistakable(one) && (group === '' || isForeignTo(one, group)));
}

/** Is it the apiVersion of kinds of a vendor, so that an object without a kind must be one of them? */
export function isVendorVersion(apiVersion: string): boolean {
  return VENDOR_KINDS.some((one) => apiVersionsOf(one).includes(apiVersion));
}

/** A kind that is named after its API cannot be meant for another one. */
function isUnmistakable({ kind, api }: JudgedKindEntry): boolean {
  return kind.toLowerCase().startsWith(api) || /^Global/.test(kind);
}

/** Groups of upstream, and groups near the right one, are a mistake; those of other products have kinds of their own. */
function isForeignTo(entry: JudgedKindEntry, group: string): boolean {
  return (
    group === 'networking.k8s.io' || group === 'policy.networking.k8s.io' || groupsOf(entry).some((own) => typoDistance(group, own, 2) <= 2)
  );
}

function nearestKind(kinds: readonly JudgedKindEntry[], word: string): JudgedKindEntry | undefined {
  if (word.length < 3) return undefined;
  return kinds.find((one) => typoDistance(word.toLowerCase(), one.kind.toLowerCase(), slipsIn(one.kind)) <= slipsIn(one.kind));
}

/** A short word with two slips may be any other word. */
function slipsIn(word: string): number {
  return word.length < 10 ? 1 : 2;
}

/** The kind that the text of a document names which is too broken to be read. */
export function vendorFragment(text: string): JudgedKindEntry | undefined {
  const apiVersion = wordAfter(text, 'apiVersion');
  const kind = wordAfter(text, 'kind');
  return VENDOR_KINDS.find((one) => one.kind === kind && apiVersionsOf(one).includes(apiVersion));
}

function wordAfter(text: string, field: string): string {
  return new RegExp(`^["']?${field}\\b["']?[ \\t]*:?[ \\t]*["']?([\\w./-]+)`, 'm').exec(text)?.[1] ?? '';
}

/** Every group in which a kind is served. */
function groupsOf(entry: JudgedKindEntry): readonly string[] {
  return [...new Set(apiVersionsOf(entry).map(groupOf))];
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** Is a group of a vendor named in a text? Nothing is where no kind of a vendor is judged. */
export const VENDOR_WORDS: RegExp = new RegExp(
  VENDOR_KINDS.length === 0 ? '(?!)' : [...new Set(VENDOR_KINDS.flatMap(groupsOf))].map((group) => group.replaceAll('.', '\\.')).join('|'),
);
