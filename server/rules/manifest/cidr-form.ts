import { parseCidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { cidrsIn, isStrictAboutCidrs } from '../../analysis/cidrs.ts';
import { withFields } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cidr-form',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A CIDR in an ambiguous or non-canonical form.',
  why: 'Some programs read a number with leading zeros as octal, and an IPv4-mapped IPv6 address as either family. Kubernetes 1.36 and later reject both in a NetworkPolicy; older versions warn. For IPv6 that is not in canonical form (RFC 5952, lowercase), the API server returns a warning.',
  about: withFields('ipBlock'),
  *check(context) {
    const strict = isStrictAboutCidrs(context);
    for (const { text, path, span, node } of cidrsIn(context)) {
      const cidr = parseCidr(text);
      if (!cidr.ok) continue;
      const sloppy = cidr.leadingZeros || cidr.ipv4Mapped;
      const unusual = !cidr.hostBits && cidr.canonical !== text;
      if (!sloppy && !unusual) continue;
      const wrong = cidr.leadingZeros ? 'has leading zeros' : cidr.ipv4Mapped ? 'is an IPv4-mapped IPv6 block' : 'is not in canonical form';
      const effect = sloppy && strict ? 'the API server rejects it' : 'the API server warns about it';
      const fixes =
        node.kind === 'scalar'
          ? [{ title: `Change to ${cidr.canonical}`, edits: [replace(node.span, likeScalar(cidr.canonical, node))], safe: !cidr.hostBits }]
          : [];
      yield {
        span,
        path,
        message: `${quote(text)} ${wrong}, so ${effect}. Write ${cidr.canonical}.`,
        severity: sloppy && strict ? 'error' : 'warning',
        fixes,
      };
    }
  },
};

export default rule;
