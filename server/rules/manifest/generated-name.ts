import { onKey } from '../draft.ts';
import { get, stringOf } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'generated-name',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  summary: 'A policy with generateName instead of a name.',
  why: 'kubectl create makes a new policy with each call, and kubectl apply and most delivery tools refuse a manifest without a name.',
  about: everyKind,
  *check(context) {
    const metadata = get(context.root, 'metadata');
    const prefix = stringOf(get(metadata, 'generateName')) ?? '';
    if (prefix === '' || (stringOf(get(metadata, 'name')) ?? '') !== '' || get(metadata, 'name')?.hole === true) return;
    yield onKey(
      context,
      ['metadata', 'generateName'],
      "With 'generateName' and no 'name', kubectl apply rejects the manifest, and kubectl create makes a new policy each time. Write 'name' instead.",
    );
  },
};

export default rule;
