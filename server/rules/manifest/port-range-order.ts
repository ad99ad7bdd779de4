import { asMap, get, pairOf } from '../../syntax/tree.ts';
import { replace } from '../../syntax/edit.ts';
import type { Fix } from '../finding.ts';
import type { Issue } from '../schema/issue.ts';
import type { ManifestRule, ManifestContext } from '../rule.ts';

const rule: ManifestRule = {
  name: 'port-range-order',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A port range that ends before it starts, or that holds one port only.',
  why: 'In a ClusterNetworkPolicy, the API server rejects a range whose end is not higher than its start. In an AdminNetworkPolicy it accepts a reversed range, which matches no port; there it is a warning.',
  *check(context) {
    for (const issue of context.issues) {
      if (issue.keyword !== 'range' || issue.place.schema['x-range']?.end !== 'end') continue;
      const { key, value, limit } = issue.params;
      const effect = issue.enforced ? 'the API server rejects it' : 'it matches no port';
      const message =
        key === 'equal'
          ? `This range has only port ${value ?? ''}; ${effect}. Write 'number: ${value ?? ''}'.`
          : `This range ends at ${value ?? ''}, before its start ${limit ?? ''}; ${effect}. Swap them.`;
      yield { span: issue.span, path: issue.path, message, severity: issue.enforced ? 'error' : 'warning', fixes: fixes(issue, context) };
    }
  },
};

export default rule;

function fixes({ params, at: path }: Issue, { at }: ManifestContext): readonly Fix[] {
  const range = path.slice(0, -1);
  const node = at(range);
  const [start, end] = [get(node, 'start'), get(node, 'end')];
  if (node?.kind !== 'map' || start?.kind !== 'scalar' || end?.kind !== 'scalar') return [];
  if (params.key === 'order')
    return [{ title: 'Swap start and end', edits: [replace(start.span, end.text), replace(end.span, start.text)], safe: false }];
  const pair = pairOf(asMap(at(range.slice(0, -1))), 'range');
  return params.key === 'equal' && pair
    ? [{ title: `Write 'number: ${start.text}'`, edits: [replace(pair.span, `number: ${start.text}`)], safe: true }]
    : [];
}
