import { near } from '../../base/near.ts';
import { insertField, replace } from '../../syntax/edit.ts';
import { asMap, isNull, pairOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'select-all-by-default',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('podSelector'),
  summary: 'A policy that selects every pod of its namespace because podSelector is missing.',
  why: 'The API server accepts a policy without podSelector, and even without spec: it selects every pod of its namespace and, without rules, denies all ingress to them. If this is meant, podSelector: {} makes it explicit.',
  *check(context) {
    const { root, partial, text } = context;
    if (!root || root.hole || partial) return;
    // Misspelt, or put somewhere else: that is reported as what it is.
    const strange = new Set(
      context.issues.flatMap(({ keyword, params }) => (keyword === 'additionalProperties' ? [params.key ?? ''] : [])),
    );
    if ([...strange].some((key) => REQUIRED_FIELDS.includes(key) || near(key, REQUIRED_FIELDS).length > 0)) return;
    const spec = pairOf(root, 'spec');
    const map = asMap(spec?.value);
    const effect = 'so the policy selects every pod of its namespace';
    const way = "Add 'podSelector: {}' if that is meant.";
    if (!spec || isNull(spec.value)) {
      yield onKey(
        context,
        spec ? ['spec'] : ['kind'],
        `${spec ? "'spec' has no value" : "'spec' is missing"}, ${effect} and denies all ingress to them. ${way}`,
      );
      return;
    }
    if (!map || map.hole || spec.value.hole) return;
    const selector = pairOf(map, 'podSelector');
    if (selector && !isNull(selector.value)) return;
    const edit =
      spec.value.kind !== 'map'
        ? undefined
        : selector
          ? replace({ start: selector.key.span.end, end: Math.max(selector.value.span.end, selector.key.span.end) }, ': {}')
          : insertField(text, map, 'podSelector', '{}', { first: true });
    const fixes = edit ? [{ title: "Write 'podSelector: {}' (same meaning)", edits: [edit], safe: false }] : [];
    yield onKey(
      context,
      selector ? ['spec', 'podSelector'] : ['spec'],
      `${selector ? "'podSelector' has no value" : "'podSelector' is missing"}, ${effect}. ${way}`,
      { fixes },
    );
  },
};

export default rule;

const REQUIRED_FIELDS = ['spec', 'podSelector'];
