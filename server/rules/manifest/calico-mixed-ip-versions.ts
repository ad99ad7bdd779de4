import { integerOf } from '../../syntax/scalar.ts';
import { asScalar } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, rejected, setField, setItems, writtenEnds, writtenRules, type WrittenRule } from '../findings/calico.ts';
import { ruleNet } from '../findings/calico-nets.ts';
import { writtenProtocol } from '../findings/calico-protocol.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-mixed-ip-versions',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A Calico rule that mixes IPv4 and IPv6.',
  why: 'A Calico rule applies to one IP version: all blocks in nets and notNets of its source and destination must have the same version, and the one in ipVersion if it is set. ICMP is IPv4, ICMPv6 is IPv6. Write one rule for each version.',
  *check(context) {
    for (const written of writtenRules(context.root)) {
      const version = versionOf(written);
      if (version !== undefined && version !== 4 && version !== 6) {
        yield rejected(context, [...written.path, 'ipVersion'], `'ipVersion' is 4 or 6, not ${version}. Change it.`);
      }
      yield* icmpIssues(context, written, version);
      yield* netIssues(context, written, version);
    }
  },
};

export default rule;

function versionOf({ node }: WrittenRule): number | undefined {
  const at = asScalar(setField(node, 'ipVersion'));
  return at && integerOf(at.value);
}

/** The version that a protocol belongs to must not be contradicted (validator `validateRule`; numbers are not looked at). */
function* icmpIssues(context: ManifestContext, { node, path }: WrittenRule, version: number | undefined): Generator<Draft> {
  if (version === undefined) return;
  for (const field of ['protocol', 'notProtocol'] as const) {
    const protocol = writtenProtocol(setField(node, field))?.text;
    const needed = protocol === 'ICMP' ? 4 : protocol === 'ICMPv6' ? 6 : undefined;
    if (needed === undefined || needed === version) continue;
    yield refused(
      context,
      [...path, 'ipVersion'],
      `'${field}: ${protocol ?? ''}' is IPv${needed}, but ipVersion is ${version}. Write ipVersion: ${needed}, or omit it.`,
    );
    return;
  }
}

function* netIssues(context: ManifestContext, written: WrittenRule, version: number | undefined): Generator<Draft> {
  const seen = new Set<4 | 6>();
  for (const { node, path } of writtenEnds(written)) {
    for (const field of ['nets', 'notNets'] as const) {
      const families = setItems(node, field, path).flatMap((item) => {
        const net = ruleNet(item.node);
        const family = net?.kind === 'block' ? net.cidr.family : net?.family;
        return family === undefined ? [] : [{ family, path: item.path }];
      });
      for (const { family } of families) seen.add(family);
      const wrong = families.find(({ family }) => version !== undefined && family !== version);
      if (wrong && version !== undefined && (version === 4 || version === 6)) {
        yield refused(
          context,
          wrong.path,
          `This block is IPv${wrong.family}, but the rule has ipVersion ${version}. Write a rule for each IP version.`,
        );
      } else if (seen.size > 1) {
        const other = families.find(({ family }) => family !== [...seen][0]) ?? families[0];
        if (other) yield refused(context, other.path, 'The rule has IPv4 and IPv6 blocks. Write a rule for each IP version.');
      } else continue;
      return;
    }
  }
}
