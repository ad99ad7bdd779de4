import { insertField } from '../../syntax/edit.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'missing-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'The policy has no name.',
  why: 'The API server rejects an object without metadata.name, unless it has metadata.generateName.',
  about: everyKind,
  *check({ issues, root, text }) {
    const issue = issues.find(
      ({ keyword, params, path }) =>
        (keyword === 'required' && params.key === 'metadata') || (keyword === 'at-least-one' && path[0] === 'metadata'),
    );
    if (!issue || !root) return;
    const message = 'The policy has no name, so the API server rejects the manifest. Add metadata.name.';
    const written = pairOf(root, 'metadata');
    const metadata = asMap(written?.value);
    const name = pairOf(metadata, 'name') ?? pairOf(metadata, 'generateName');
    const span = name?.key.span ?? written?.key.span ?? pairOf(root, 'kind')?.key.span ?? issue.span;
    const edit =
      name || written?.value.kind === 'alias'
        ? undefined
        : metadata
          ? insertField(text, metadata, 'name', 'my-policy', { first: true })
          : undefined;
    yield {
      span,
      path: ['metadata', 'name'],
      message,
      fixes: edit ? [{ title: "Add 'name: my-policy'", edits: [edit], safe: false }] : [],
    };
  },
};

export default rule;
