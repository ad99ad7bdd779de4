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
  why: 'Zeros in front of a number are read as octal by some programs, and IPv4 inside IPv6 as either family. NetworkPolicy rejects both from Kubernetes 1.36 on and warned before. IPv6 that is not in its shortest form in small letters gets a warning from the server.',
  about: withFields('ipBlock'),
  *check(context) {
    const strict = isStrictAboutCidrs(context);
    for (const { text, path, span, node } of cidrsIn(context)) {
      const cidr = parseCidr(text);
      if (!cidr.ok) continue;
      const sloppy = cidr.leadingZeros || cidr.ipv4Mapped;
      const unusual = !cidr.hostBits && cidr.canonical !== text;
      if (!sloppy && !unusual) continue;
      const wrong = cidr.leadingZeros
        ? 'has zeros in front of a number'
        : cidr.ipv4Mapped
          ? 'is IPv4 written as IPv6'
          : 'is not in the usual form';
      const effect = sloppy && strict ? 'the API server rejects it' : 'the API server warns about it';
      const fixes =
        node.kind === 'scalar'
          ? [{ title: `Change to ${cidr.canonical}`, edits: [replace(node.span, likeScalar(cidr.canonical, node))], safe: !cidr.hostBits }]
          : [];
      yield {
        span,
        path,
        message: `${quote(text)} ${wrong}: ${effect}. Write ${cidr.canonical}.`,
        severity: sloppy && strict ? 'error' : 'warning',
        fixes,
      };
    }
  },
};

export default rule;
