import { replace } from '../../syntax/edit.ts';
import { isNull } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'empty-peer',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A peer without a selector or an address block.',
  why: 'The API server rejects a peer without a selector or an address block. Such a peer does not match everything: for all pods of the cluster, write namespaceSelector: {} (in the cluster-wide kinds namespaces: {}).',
  yieldsTo: ['unknown-field'],
  *check({ issues, kind, at }) {
    for (const issue of issues) {
      const peer = isPeer(issue.at) && issue.absence && (issue.keyword === 'at-least-one' || issue.keyword === 'exactly-one');
      if (!peer) continue;
      const every = kind?.traits?.namespaced === true ? 'namespaceSelector: {}' : 'namespaces: {}';
      const node = at(issue.at);
      const list = at(issue.at.slice(0, -1));
      const inBlock = list?.kind === 'seq' && !list.flow;
      const isEmpty = node?.kind === 'map' && node.pairs.length === 0;
      const fixes = isEmpty
        ? [
            {
              title: `Write '${every}' to match all pods of the cluster`,
              edits: [replace(node.span, inBlock ? every : `{${every}}`)],
              safe: false,
            },
          ]
        : [];
      const what = isNull(node) ? 'This peer has no value' : 'This peer is empty';
      yield {
        span: issue.span,
        path: issue.path,
        message: `${what}, so the API server rejects the manifest. To match all pods of the cluster, write '${every}'.`,
        fixes,
      };
    }
  },
};

export default rule;

function isPeer(path: readonly (string | number)[]): boolean {
  const list = path.at(-2);
  return typeof path.at(-1) === 'number' && (list === 'from' || list === 'to');
}
