import { given } from '../../model/read.ts';
import { directionsOf } from '../../model/calico/policy.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { hasHole, asSeq } from '../../syntax/tree.ts';
import { itemIn } from '../repair/insert-item.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-ignored-direction',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'Rules of a direction that types leaves out.',
  why: "If a Calico policy has 'types', it applies to these directions only; rules for another direction are stored and have no effect.",
  *check(context) {
    const spec = given(context.root, 'spec');
    const types = given(spec, 'types');
    if (types === undefined || hasHole(types)) return;
    const governed = directionsOf(spec);
    for (const direction of DIRECTIONS) {
      if (governed.includes(direction) || (asSeq(given(spec, direction))?.items.length ?? 0) === 0) continue;
      const type = direction === 'ingress' ? 'Ingress' : 'Egress';
      const edit = itemIn(context.text, spec, 'types', type);
      const fixes = edit ? [{ title: `Add ${type} to types`, edits: [edit], safe: false }] : [];
      yield onKey(
        context,
        ['spec', direction],
        `These rules have no effect, because 'types' does not list ${type}. Add it, or remove the rules.`,
        { fixes },
      );
    }
  },
};

export default rule;
