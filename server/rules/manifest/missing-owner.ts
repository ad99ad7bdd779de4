import { asMap, get, pairsOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'missing-owner',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  summary: 'No label and no annotation says who owns the policy.',
  why: 'When a policy blocks a connection at night, the person on call has to find out who owns it.',
  about: everyKind,
  *check(context) {
    const { at, partial } = context;
    const metadata = asMap(at(['metadata']));
    if (partial || !metadata || metadata.hole) return;
    const maps = ['labels', 'annotations'].map((name) => get(metadata, name));
    if (maps.some((node) => node?.hole || asMap(node)?.hole)) return;
    const keys = maps.flatMap((node) => pairsOfNode(node));
    if (keys.some((key) => /owner|team|contact|maintain|managed-by|part-of|squad|responsib/i.test(key))) return;
    yield onKey(
      context,
      ['metadata'],
      "No owner is recorded. Add a label such as 'app.kubernetes.io/part-of', or an annotation with a contact.",
    );
  },
};

export default rule;

function pairsOfNode(node: Parameters<typeof asMap>[0]): readonly string[] {
  const map = asMap(node);
  return map ? pairsOf(map).map(({ name }) => name ?? '') : [];
}
