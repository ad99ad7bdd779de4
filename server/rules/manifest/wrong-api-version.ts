import { quote } from '../../base/english.ts';
import { apiVersionOf, apiVersionsOf } from '../../model/kind.ts';
import { replace } from '../../syntax/edit.ts';
import { asScalar, get, isNull, stringOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'wrong-api-version',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'The apiVersion does not have this kind.',
  why: 'The API server looks the kind up in this group and version and rejects it if it does not exist there. Older versions, such as extensions/v1beta1, are no longer served.',
  anyDocument: true,
  *check({ root, kind, mistakes, issues }) {
    const node = get(root, 'apiVersion');
    if (!node || node.hole || isNull(node) || stringOf(node) === '') return;
    const mistake = mistakes.find(({ field }) => field === 'apiVersion');
    if (!mistake && !issues.some(({ at }) => at.length === 1 && at[0] === 'apiVersion')) return;
    // Versions that read alike share the schema of the current one, which knows only itself.
    if (!mistake && kind && apiVersionsOf(kind).some((one) => one === stringOf(node))) return;
    const meant = mistake ? mistake.meant : kind && apiVersionOf(kind);
    const written = stringOf(node);
    const gone = written !== undefined && kind?.formerly.includes(written) === true;
    const wrong = gone
      ? `${quote(written)} is no longer served for ${kind.kind}`
      : `${written === undefined ? 'This apiVersion' : quote(written)} has no kind ${kind?.kind ?? 'of policy'}`;
    const way = meant === undefined ? 'Correct the group and the version.' : `Write '${meant}'.`;
    const scalar = asScalar(node);
    const fixes =
      meant === undefined || !scalar || node.kind === 'alias'
        ? []
        : [{ title: `Change to '${meant}'`, edits: [replace(scalar.span, meant)], safe: true }];
    // Where no kind matches, the API server names the kind.
    const kindIsThere = stringOf(get(root, 'kind')) !== undefined;
    yield {
      span: node.span,
      path: [kindIsThere ? 'kind' : 'apiVersion'],
      message: `${wrong}, so the API server rejects the manifest. ${way}`,
      fixes,
    };
  },
};

export default rule;
