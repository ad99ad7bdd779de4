import { asMap, pairOf } from '../../syntax/tree.ts';
import { replace } from '../../syntax/edit.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule, ManifestContext } from '../rule.ts';
import type { Issue } from '../schema/issue.ts';

const rule: ManifestRule = {
  name: 'end-port',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An endPort without a port, with a named port, or lower than the port.',
  why: 'endPort is the end of a range that starts at a numeric port. The API server rejects it without such a port, and where it is lower than the port.',
  *check(context) {
    for (const issue of context.issues) {
      if (issue.keyword !== 'range' || issue.place.schema['x-range']?.end !== 'endPort') continue;
      yield { span: issue.span, path: issue.path, message: message(issue), fixes: fixes(issue, context) };
    }
  },
};

export default rule;

function message({ params: { key, value, limit } }: Issue): string {
  if (key === 'missing')
    return "The API server rejects 'endPort' without 'port'. Add the first port of the range, or write 'port' instead.";
  if (key === 'name') return "The API server rejects 'endPort' together with a named port. Write the port number, or remove 'endPort'.";
  return `'endPort' ${value ?? ''} is lower than 'port' ${limit ?? ''}, so the API server rejects the manifest. Swap them.`;
}

function fixes({ params, at: path }: Issue, { at }: ManifestContext): readonly Fix[] {
  const map = asMap(at(path.slice(0, -1)));
  const [port, end] = [pairOf(map, 'port'), pairOf(map, 'endPort')];
  if (end?.key.kind !== 'scalar' || end.value.kind !== 'scalar') return [];
  if (params.key === 'missing' && !port)
    return [{ title: "Change to 'port'", edits: [replace(end.key.span, end.key.style === 'plain' ? 'port' : '"port"')], safe: false }];
  if (params.key !== 'order' || port?.value.kind !== 'scalar') return [];
  return [
    {
      title: 'Swap port and endPort',
      edits: [replace(port.value.span, end.value.text), replace(end.value.span, port.value.text)],
      safe: false,
    },
  ];
}
