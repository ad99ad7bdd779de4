import { list, quote } from '../../base/english.ts';
import { splitBefore } from '../../syntax/edit.ts';
import { asMap, pairOf, type Node, type Pair } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'peer-combination',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An ipBlock together with a selector in one peer.',
  why: 'The API server rejects the manifest. A peer selects either addresses or pods; to match both, write two items.',
  *check({ issues, at, text }) {
    for (const issue of issues) {
      if (issue.keyword !== 'excludes') continue;
      const map = asMap(at(issue.at));
      const block = pairOf(map, issue.params.key ?? '');
      const others = list((issue.params.keys ?? []).map((name) => quote(name)));
      const span = block && map?.pairs.includes(block) && at(issue.at)?.kind === 'map' ? block.key.span : issue.span;
      yield {
        span,
        path: issue.path,
        message: `'ipBlock' is set together with ${others} in one peer, so the API server rejects the manifest. Put a dash before it to make it a separate peer.`,
        fixes: fixes(at(issue.at), block, text),
      };
    }
  },
};

function fixes(node: Node | undefined, block: Pair | undefined, text: string): readonly Fix[] {
  const index = node?.kind === 'map' && !node.flow && block ? node.pairs.indexOf(block) : -1;
  if (node?.kind !== 'map' || index === -1) return [];
  const starts = [index, index + 1].flatMap((i) => (i === 0 ? [] : (node.pairs[i] ?? [])));
  const edits = splitBefore(text, starts);
  return edits ? [{ title: 'Split into two peers, of which either matches', edits, safe: false }] : [];
}

export default rule;
