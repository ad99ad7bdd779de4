import { replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { Fix } from '../finding.ts';
import { ofApi } from '../about.ts';
import { portRangeObjections } from '../antrea/protocols.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-port-range',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A range of ports without a numeric start, or that ends before it starts.',
  why: "endPort and sourceEndPort are the ends of ranges that start at a port number. Antrea's webhook rejects them without one, and where they are lower.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, portRangeObjections, ({ path, onKey }) => (onKey === true ? [] : swapped(context, path)));
  },
};

export default rule;

function swapped({ at }: ManifestContext, path: Path): readonly Fix[] {
  const first = path.at(-1) === 'endPort' ? 'port' : 'sourcePort';
  const [start, end] = [at([...path.slice(0, -1), first]), at(path)];
  if (start?.kind !== 'scalar' || end?.kind !== 'scalar') return [];
  return [
    {
      title: `Swap ${first} and ${String(path.at(-1))}`,
      edits: [replace(start.span, end.text), replace(end.span, start.text)],
      safe: false,
    },
  ];
}
