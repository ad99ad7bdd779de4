import { count } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';
import { asSeq } from '../../syntax/tree.ts';
import { fieldName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'too-many-items',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A list with more items than the API allows.',
  why: 'The API server rejects the manifest. A ClusterNetworkPolicy can have 25 rules per direction and 25 entries in most lists, an AdminNetworkPolicy 100; policyTypes has at most two entries.',
  companions: ['duplicate-policy-type'],
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, at, path, params, node, span } of issues) {
      if (keyword !== 'maxItems') continue;
      const list = asSeq(node);
      const first = list?.items[params.limit ?? 0];
      const where = first && node?.kind === 'seq' ? { start: first.span.start, end: list.items.at(-1)?.span.end ?? first.span.end } : span;
      const way = at.at(-1) === 'policyTypes' ? 'List each direction once.' : 'Split the policy, or merge items.';
      yield {
        span: where,
        path,
        message: `${fieldName(at)} has ${count(list?.items.length ?? 0, 'item')}, but the API server accepts at most ${params.limit ?? 0}. ${way}`,
      };
    }
  },
};

export default rule;
