import { near } from '../../base/near.ts';
import type { ManifestRule } from '../rule.ts';
import { insertField, replace } from '../../syntax/edit.ts';
import { isNull, pairOf, stringOf } from '../../syntax/tree.ts';
import { apiVersionOf } from '../../model/kind.ts';
import type { Fix } from '../finding.ts';

const rule: ManifestRule = {
  name: 'missing-kind',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'The apiVersion or the kind is missing.',
  why: 'Without both, the API server cannot identify the object and rejects it.',
  anyDocument: true,
  *check({ root, kind, mistakes, text, partial }) {
    if (!root || partial) return;
    for (const { field } of mistakes) {
      const pair = pairOf(root, field);
      if (pair && !isNull(pair.value) && stringOf(pair.value) !== '') continue;
      const meant = kind && (field === 'kind' ? kind.kind : apiVersionOf(kind));
      const first = root.pairs[0];
      const span = pair?.key.span ?? first?.key.span ?? root.span;
      const edit =
        meant === undefined
          ? undefined
          : pair
            ? replace({ start: pair.span.start, end: pair.span.end }, `${field}: ${meant}`)
            : insertField(text, root, field, meant, field === 'apiVersion' ? { first: true } : afterApiVersion());
      // A field that is there under a misspelt name is for another finding to put right.
      const isMisspelt = root.pairs.some(({ name }) => name !== undefined && !FIELDS.has(name) && near(name, [field]).length > 0);
      const fixes: readonly Fix[] =
        edit && meant !== undefined && !isMisspelt ? [{ title: `Add '${field}: ${meant}'`, edits: [edit], safe: true }] : [];
      const message = `'${field}' is missing, so the API server rejects the manifest. ${meant === undefined ? 'Add it.' : `Add '${field}: ${meant}'.`}`;
      yield { span, path: [field], message, fixes };
    }

    function afterApiVersion(): { readonly after?: NonNullable<ReturnType<typeof pairOf>> } {
      const pair = pairOf(root, 'apiVersion');
      return pair ? { after: pair } : {};
    }
  },
};

export default rule;

const FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
