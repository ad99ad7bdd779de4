import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { get, pairOf, stringOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'baseline-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "A BaselineAdminNetworkPolicy that is not named 'default'.",
  why: "A cluster can have only one BaselineAdminNetworkPolicy, and its name is 'default'. The API server rejects any other name.",
  about: (kind) => kind.role === 'policy' && kind.onlyName !== undefined,
  *check({ issues, root }) {
    for (const { keyword, params, span, node, path } of issues) {
      if (keyword !== 'name') continue;
      const required = params.key ?? 'default';
      const fixes =
        node?.kind === 'scalar'
          ? [{ title: `Change to '${required}'`, edits: [replace(node.span, likeScalar(required, node))], safe: true }]
          : [];
      yield {
        span,
        path,
        message: `The API server rejects the name ${quote(String(params.value ?? ''))}: a BaselineAdminNetworkPolicy must be named '${required}'.`,
        fixes,
      };
    }
    const metadata = get(root, 'metadata');
    const generated = pairOf(metadata, 'generateName');
    if (generated && stringOf(get(metadata, 'name')) === undefined && (stringOf(generated.value) ?? '') !== '') {
      yield {
        span: generated.key.span,
        path: [],
        message: "The API server rejects a generated name: a BaselineAdminNetworkPolicy must be named 'default'. Write 'name: default'.",
      };
    }
  },
};

export default rule;
