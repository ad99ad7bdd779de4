import { parseCidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { isNull, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'invalid-cidr',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a CIDR.',
  why: 'An address block is an address, a slash, and the length of the prefix. The API server rejects anything else, a single address without a length too.',
  *check({ issues }) {
    for (const { keyword, params, path, span, node, at } of issues) {
      if (keyword !== 'format' || params.format?.startsWith('cidr-') !== true || typeof params.value !== 'string') continue;
      const read = parseCidr(params.value);
      if (read.ok && params.format === 'cidr-v1') continue;
      const meant = read.ok ? read.canonical : read.suggestion;
      const reason = read.ok
        ? `${quote(params.value)} has ${read.leadingZeros ? 'zeros in front of a number' : 'an IPv4 address inside IPv6'}. Write ${read.canonical}.`
        : read.reason;
      const empty = isNull(node) || params.value === '';
      yield {
        span,
        path,
        message: empty
          ? `${fieldName(at)} is empty, but must be an address block such as 10.0.0.0/8; the API server rejects it.`
          : `${reason} The API server rejects it.`,
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
