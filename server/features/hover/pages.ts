import { link } from '../../base/markdown.ts';
import type { JudgedKindEntry } from '../../model/kind.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Path } from '../../syntax/path.ts';
import { isLabel } from './peers.ts';

const NPEPS = 'https://github.com/kubernetes-sigs/network-policy-api/blob/main/npeps';
const KEPS = 'https://github.com/kubernetes/enhancements/tree/master/keps';

const TIERS: string = link('KEP-2091: policies of the cluster administrator', `${KEPS}/sig-network/2091-admin-network-policy`);
const EGRESS: string = link('NPEP-126: egress to nodes and networks', `${NPEPS}/npep-126-egress-traffic-control.md`);

/** The proposals behind fields of the group policy.networking.k8s.io. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['tier', link('NPEP-285: one kind for both tiers', `${NPEPS}/npep-285-combine-crds.md`)],
  ['priority', TIERS],
  ['networks', EGRESS],
  ['nodes', EGRESS],
  ['domainNames', link('NPEP-133: egress to domain names', `${NPEPS}/npep-133-fqdn-egress-selector.md`)],
]);

const END_PORT: string = link('KEP-2079: port ranges', `${KEPS}/sig-network/2079-network-policy-port-range`);
const NAME_PAGE: string = link('KEP-2161: the name of a namespace as its label', `${KEPS}/sig-api-machinery/2161-apiserver-default-labels`);

/** The proposal that explains a field, as a Markdown link. A label of the same name is none of its fields. */
export function proposalFor(path: Path, kind: JudgedKindEntry): string | undefined {
  const name = path.at(-1);
  if (typeof name !== 'string') return undefined;
  if (isLabel(path)) return name === NAME_LABEL ? NAME_PAGE : undefined;
  if (path[0] !== 'spec' || kind.api !== 'kubernetes') return undefined;
  if (kind.traits?.builtIn === true) return name === 'endPort' ? END_PORT : undefined;
  return PAGES.get(name);
}
