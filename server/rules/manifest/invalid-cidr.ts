import { parseCidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { isNull, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';
import { everyKind } from '../about.ts';
import { withEffect } from '../text/effect.ts';

const rule: ManifestRule = {
  name: 'invalid-cidr',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a CIDR.',
  why: 'A CIDR is an address, a slash and a prefix length. The API server rejects anything else, and also a single address without a prefix length.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, params, path, span, node, at } of issues) {
      if (keyword !== 'format' || params.format?.startsWith('cidr-') !== true || typeof params.value !== 'string') continue;
      const read = parseCidr(params.value);
      if (read.ok && params.format === 'cidr-v1') continue;
      const meant = read.ok ? read.canonical : read.suggestion;
      const reason = read.ok
        ? `${quote(params.value)} has ${read.leadingZeros ? 'leading zeros' : 'an IPv4-mapped IPv6 address'}. Write ${read.canonical}.`
        : read.reason;
      const empty = isNull(node) || params.value === '';
      yield {
        span,
        path,
        message: empty
          ? `${fieldName(at)} has no value, so the API server rejects the manifest. Write a block such as 10.0.0.0/8.`
          : withEffect(reason, 'The API server rejects the manifest.'),
        fixes: fixes(node, meant),
      };
    }
  },
};

export default rule;

function fixes(node: Node | undefined, meant: string | undefined): readonly Fix[] {
  if (meant === undefined || node?.kind !== 'scalar') return [];
  return [{ title: `Change to ${meant}`, edits: [replace(node.span, likeScalar(meant, node))], safe: false }];
}
