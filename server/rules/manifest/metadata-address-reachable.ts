import { startOfLine } from '../../base/lines.ts';
import { containsCidr, parseCidr, type Cidr } from '../../base/cidr.ts';
import { hasAddress } from '../../base/addresses.ts';
import { hasTraffic } from '../../base/ports.ts';
import { insertField, lineBreak } from '../../syntax/edit.ts';
import { asMap, asSeq, get } from '../../syntax/tree.ts';
import { allowsAll } from '../../analysis/allow-all.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { networksIn, trafficIn, type NetworkPart } from '../../analysis/networks.ts';
import { isReadable } from '../../analysis/policy-parts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'metadata-address-reachable',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  profile: 'strict',
  summary: 'A block of addresses allows the metadata service of the cloud.',
  why: 'On most clouds, 169.254.169.254 gives the credentials of the node to every HTTP client. An attacker who takes over a pod can use them to leave the cluster.',
  companions: ['egress-to-the-world', 'v4-without-v6'],
  *check(context) {
    const parts = networksIn(context.policy).filter(({ direction }) => direction === 'egress');
    for (const [i, part] of parts.entries()) {
      // The service answers on TCP 80. A block of that very address was meant. Beside a rule for everything, an exception here is none.
      if (part.rule.action !== 'Accept' || part.section.rules.some(allowsAll) || !hasTraffic(trafficIn(part.rule), 'TCP', 80)) continue;
      const address = METADATA.find((one) => part.cidr.prefix <= 16 && hasAddress(part.addresses, { family: one.family, value: one.base }));
      if (
        !address ||
        !context.policy ||
        !isReadable(context.policy, part.rule.path) ||
        parts.slice(0, i).some((before) => isDenied(before, address))
      )
        continue;
      const place = address.text.replace(/\/.*/, '');
      const way =
        part.network.path.at(-1) === 'ipBlock'
          ? `Exclude it with 'except: [${address.text}]'.`
          : `Deny ${address.text} in an earlier rule.`;
      const message = `Block ${part.network.cidr} includes ${place}, the metadata service of most clouds, which gives out the credentials of the node. ${way}`;
      yield onValue(context, part.path, message, { fixes: exception(context, part, address.text) });
    }
  },
};

export default rule;

const METADATA: readonly Cidr[] = ['169.254.169.254/32', 'fd00:ec2::254/128'].map(parseCidr).filter((cidr) => cidr.ok);

function isDenied({ cidr, rule }: NetworkPart, address: Cidr): boolean {
  return rule.action === 'Deny' && containsCidr(cidr, address) && hasTraffic(trafficIn(rule), 'TCP', 80);
}

function exception({ at, text }: ManifestContext, { network }: NetworkPart, address: string): readonly Fix[] {
  const block = asMap(at(network.path));
  if (!block || network.path.at(-1) !== 'ipBlock' || at(network.path)?.kind !== 'map') return [];
  const title = `Exclude ${address}`;
  const except = get(block, 'except');
  if (except === undefined) {
    const value = block.flow ? `[${address}]` : `- ${address}`;
    return [{ title, edits: [insertField(text, block, 'except', value)], safe: false }];
  }
  const last = asSeq(except)?.items.at(-1);
  if (!last || except.kind !== 'seq') return [];
  const indent = ' '.repeat(last.span.start - startOfLine(text, last.span.start));
  const put = except.flow ? `, ${address}` : `${lineBreak(text)}${indent}- ${address}`;
  return [{ title, edits: [{ start: last.span.end, end: last.span.end, text: put }], safe: false }];
}
