import type { Span } from '../base/span.ts';
import type { PolicyKindEntry } from '../model/kind.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import { manifestsOf } from '../syntax/source-file.ts';
import { asMap, get, isMerge, pairOf, type Node, type Pair } from '../syntax/tree.ts';
import type { FeatureContext } from './context.ts';
import { readPolicyIn } from './text/policies.ts';

/** A stretch of the file that leads to a page, in offsets of the whole file. */
export interface DocumentLink extends Span {
  readonly target: string;
  /** What the page is, in a few words. */
  readonly tooltip: string;
}

/** Links from our documents to what upstream says: of each kind its page, of some fields the proposal that explains them. */
export function documentLinks({ file }: FeatureContext): readonly DocumentLink[] {
  return manifestsOf(file).flatMap(({ manifest, start }) => {
    const read = readPolicyIn(manifest);
    if (!read || !manifest.root) return [];
    const links = [...kindLinks(manifest.root, read.kind), ...fieldLinks(manifest.root, read.kind, true)];
    return links.map((link) => ({ ...link, start: link.start + start, end: link.end + start }));
  });
}

/** The page of the kind that is meant, however it is spelt here. */
function kindLinks(root: Node, kind: PolicyKindEntry): readonly DocumentLink[] {
  return ['apiVersion', 'kind'].flatMap((field) => {
    const value = get(root, field);
    if (value?.kind !== 'scalar' || value.hole || value.span.end === value.span.start) return [];
    return [{ ...value.span, target: kind.docs, tooltip: `${kind.kind} documentation` }];
  });
}

interface Page {
  readonly target: string;
  readonly tooltip: string;
}

const NPEPS = 'https://github.com/kubernetes-sigs/network-policy-api/blob/main/npeps';
const KEPS = 'https://github.com/kubernetes/enhancements/tree/master/keps';

const TIERS: Page = { target: `${KEPS}/sig-network/2091-admin-network-policy`, tooltip: 'KEP-2091: policies of the cluster administrator' };
const EGRESS: Page = { target: `${NPEPS}/npep-126-egress-traffic-control.md`, tooltip: 'NPEP-126: egress to nodes and networks' };

/** Proposals by field. Fields of the group policy.networking.k8s.io only, but for `endPort`. */
const PAGES: ReadonlyMap<string, Page> = new Map([
  ['tier', { target: `${NPEPS}/npep-285-combine-crds.md`, tooltip: 'NPEP-285: one kind for both tiers' }],
  ['priority', TIERS],
  ['networks', EGRESS],
  ['nodes', EGRESS],
  ['domainNames', { target: `${NPEPS}/npep-133-fqdn-egress-selector.md`, tooltip: 'NPEP-133: egress to domain names' }],
]);

const END_PORT: Page = { target: `${KEPS}/sig-network/2079-network-policy-port-range`, tooltip: 'KEP-2079: port ranges' };
const NAME_PAGE: Page = {
  target: `${KEPS}/sig-api-machinery/2161-apiserver-default-labels`,
  tooltip: 'KEP-2161: the name of a namespace as its label',
};

function* fieldLinks(node: Node, kind: PolicyKindEntry, isRoot: boolean): Generator<DocumentLink> {
  if (node.kind === 'seq') for (const { value } of node.items) yield* fieldLinks(value, kind, false);
  const spec = isRoot ? pairOf(node, 'spec') : undefined;
  const pairs = isRoot ? (spec ? [spec] : []) : node.kind === 'map' ? node.pairs : [];
  for (const pair of pairs) {
    const page = isMerge(pair) ? undefined : pageOf(pair, kind);
    if (page && pair.key.kind === 'scalar') yield { ...pair.key.span, ...page };
    // What merge keys and aliases bring has its links where it stands.
    if (!isMerge(pair)) yield* fieldLinks(pair.value, kind, false);
  }
}

function pageOf({ name, value }: Pair, kind: PolicyKindEntry): Page | undefined {
  if (name === NAME_LABEL && !asMap(value)) return NAME_PAGE;
  if (kind.traits.builtIn) return name === 'endPort' ? END_PORT : undefined;
  return name === undefined ? undefined : PAGES.get(name);
}
