import { parseCidr } from '../../base/cidr.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';
import { removal } from '../repair/list-fixes.ts';

const rule: ManifestRule = rejectionRule({
  code: 'invalid-cidr',
  summary: 'A CIDR that only the API server can read, or an exception outside its block.',
  why: 'The API server reads numbers with leading zeros, and does not compare exceptions with the block around them. Cilium rejects the whole policy.',
  fixes: ({ path, mistake }, context) => {
    const node = context.at(path);
    if (mistake === 'except') return removal(context, path, 'Remove the exception');
    const cidr = node?.kind === 'scalar' ? parseCidr(node.text) : undefined;
    if (node?.kind !== 'scalar' || !cidr?.ok) return [];
    return [{ title: `Change to ${cidr.canonical}`, edits: [replace(node.span, likeScalar(cidr.canonical, node))], safe: false }];
  },
});

export default rule;
