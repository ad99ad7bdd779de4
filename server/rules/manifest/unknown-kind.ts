import { quote } from '../../base/english.ts';
import { replace } from '../../syntax/edit.ts';
import { asScalar, get, isNull, stringOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';
import { valueName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'unknown-kind',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A kind that its API group does not have.',
  why: 'The API server has no kind of this name and rejects the manifest.',
  anyDocument: true,
  *check({ root, kind, mistakes, issues }) {
    const node = get(root, 'kind');
    if (!node || node.hole || isNull(node) || stringOf(node) === '') return;
    const mistake = mistakes.find(({ field }) => field === 'kind');
    if (!mistake && !issues.some(({ at }) => at.length === 1 && at[0] === 'kind')) return;
    const meant = mistake ? mistake.meant : kind?.kind;
    const scalar = asScalar(node);
    const blank = scalar && kind && scalar.text.trim() === kind.kind ? ' because of the white space around it' : '';
    const wrong =
      mistake?.written === undefined && stringOf(node) === undefined
        ? `'kind' is ${valueName(node)}, not the name of a kind`
        : `Unknown kind ${quote(stringOf(node) ?? '')} in this API${blank}`;
    const way = meant === undefined ? 'Write NetworkPolicy, or another policy kind.' : `Write '${meant}'.`;
    const fixes =
      meant === undefined || !scalar ? [] : [{ title: `Change to '${meant}'`, edits: [replace(scalar.span, meant)], safe: true }];
    yield {
      span: node.span,
      path: ['kind'],
      message: `${wrong}, so the API server rejects the manifest. ${way}`,
      fixes: node.kind === 'alias' ? [] : fixes,
    };
  },
};

export default rule;
