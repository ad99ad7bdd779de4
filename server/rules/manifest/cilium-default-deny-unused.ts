import { partsOf } from '../../analysis/cilium-parts.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { asScalar, asMap, itemsOf } from '../../syntax/tree.ts';
import { insertField } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-default-deny-unused',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'Default deny enabled for a direction in which the rule has no entry.',
  why: 'enableDefaultDeny says whether the entries of a direction isolate the selected pods. Without an entry in that direction it has no effect: the pods are not isolated, although the manifest says so. An empty entry, `- {}`, isolates them and allows nothing.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    const { policy } = context;
    for (const part of policy ? partsOf(policy) : []) {
      for (const direction of DIRECTIONS) {
        const path = [...part.at.body, 'enableDefaultDeny', direction];
        const value = asScalar(context.at(path))?.value;
        if (part[direction] || value?.type !== 'bool' || !value.value || hasHoleIn(context, part.at[direction])) continue;
        // Without any entry Cilium rejects the policy, and says why.
        if (!part.ingress && !part.egress) continue;
        const message = `'enableDefaultDeny.${direction}' has no effect, because the rule has no ${direction} entry: the selected pods are not isolated for ${direction}. Add '${direction}: [{}]' to isolate them.`;
        yield onKey(context, path, message, { fixes: fixes(context, part.at.body, direction) });
      }
    }
  },
};

export default rule;

function hasHoleIn({ at }: ManifestContext, path: Path): boolean {
  return at(path)?.hole === true || itemsOf(at(path)).some(({ hole }) => hole);
}

function fixes({ at, text }: ManifestContext, body: Path, direction: string): readonly Fix[] {
  const map = asMap(at(body));
  if (!map || map.pairs.some(({ name }) => name === direction)) return [];
  return [
    {
      title: `Add '${direction}: [{}]', which denies all ${direction} that no policy allows`,
      edits: [insertField(text, map, direction, '[{}]')],
      safe: false,
    },
  ];
}
