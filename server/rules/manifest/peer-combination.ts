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
  why: 'The API server rejects it. A peer is either addresses or pods; for both write two items, which then add up.',
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
        message: `An 'ipBlock' cannot stand beside ${others} in one peer; the API server rejects it. Put a dash before it to make it a peer of its own.`,
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
  return edits ? [{ title: 'Make it a peer of its own: either is enough', edits, safe: false }] : [];
}

export default rule;
