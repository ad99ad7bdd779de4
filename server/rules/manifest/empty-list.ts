import { asMap, isNull, pairOf } from '../../syntax/tree.ts';
import { removePair, replace } from '../../syntax/edit.ts';
import { everyKind } from '../about.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'empty-list',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: everyKind,
  summary: 'An empty list where at least one item is required.',
  why: 'The API server rejects the manifest. In a ClusterNetworkPolicy an empty list never means "any": for all pods write namespaces: {}, for all ports omit protocols.',
  *check({ issues, at, text, kind }) {
    for (const issue of issues) {
      if (issue.keyword !== 'minItems' || isNull(issue.node)) continue;
      const name = String(issue.at.at(-1));
      const map = asMap(at(issue.at.slice(0, -1)));
      const pair = pairOf(map, name);
      const isUpstream = kind?.api === 'kubernetes';
      const optional = isUpstream && (name === 'protocols' || name === 'ports');
      const way = optional
        ? 'Omit it to match every port.'
        : isUpstream && (name === 'from' || name === 'to')
          ? "To match all pods, write '- namespaces: {}'."
          : 'Add an item, or remove the field.';
      const allPods = isUpstream && (name === 'from' || name === 'to') && issue.node?.kind === 'seq' ? issue.node.span : undefined;
      const fixes = allPods
        ? [
            {
              title: "Write 'namespaces: {}' to match all pods of the cluster",
              edits: [replace(allPods, '[{namespaces: {}}]')],
              safe: false,
            },
          ]
        : optional && map && pair && map.pairs.includes(pair) && issue.node?.kind === 'seq'
          ? [{ title: `Remove '${name}' to match every port`, edits: [removePair(text, map, pair)], safe: false }]
          : [];
      yield {
        span: issue.span,
        path: issue.path,
        message: `${fieldName(issue.at)} is an empty list, so the API server rejects the manifest. ${way}`,
        fixes,
      };
    }
  },
};

export default rule;
