import { parseCidr, singleOf, type Cidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Fix } from '../finding.ts';
import { cidrsIn, isStrictAboutCidrs } from '../../analysis/cidrs.ts';
import type { ManifestRule } from '../rule.ts';
import type { Node } from '../../syntax/tree.ts';

const rule: ManifestRule = {
  name: 'cidr-host-bits',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A CIDR with host bits set.',
  why: 'Either the address or the prefix length is wrong: 10.0.0.1/8 is the whole block 10.0.0.0/8, not one address. Kubernetes 1.36 and later reject it in a NetworkPolicy. Older versions, and ClusterNetworkPolicy, accept it; there it is a warning.',
  *check(context) {
    const strict = isStrictAboutCidrs(context);
    for (const { text, path, span, node } of cidrsIn(context)) {
      const cidr = parseCidr(text);
      if (!cidr.ok || !cidr.hostBits) continue;
      const effect = strict ? 'the API server rejects it' : 'it matches the whole block';
      const message = `${quote(text)} has host bits set, so ${effect}. Write ${cidr.canonical} for the block, or ${singleOf(cidr)} for the address.`;
      yield { span, path, message, severity: strict ? 'error' : 'warning', fixes: fixes(node, cidr) };
    }
  },
};

export default rule;

function fixes(node: Node | undefined, cidr: Cidr): readonly Fix[] {
  if (node?.kind !== 'scalar') return [];
  return [
    { title: `Change to the block ${cidr.canonical}`, edits: [replace(node.span, likeScalar(cidr.canonical, node))], safe: false },
    {
      title: `Change to the single address ${singleOf(cidr)}`,
      edits: [replace(node.span, likeScalar(singleOf(cidr), node))],
      safe: false,
    },
  ];
}
