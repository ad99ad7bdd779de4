import { given } from '../../model/read.ts';
import { list } from '../../base/english.ts';
import { asMap, stringOf } from '../../syntax/tree.ts';
import { spotOf } from '../../syntax/spot.ts';
import { ofApi } from '../about.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-staged-delete',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: ofApi('calico', 'policy'),
  summary: 'A staged deletion that says what the policy should contain.',
  why: 'stagedAction Delete stages the deletion of the policy of this name. Every other field of the spec except the tier is then meaningless, and Calico releases whose validator checks them reject the manifest.',
  *check({ root, manifest }) {
    const spec = asMap(given(root, 'spec'));
    if (!spec || !manifest.root || stringOf(given(spec, 'stagedAction')) !== 'Delete') return;
    const others = spec.pairs.flatMap(({ name, value }) =>
      name === undefined || name === 'stagedAction' || name === 'tier' || given(spec, name) === undefined || value.hole ? [] : [name],
    );
    if (others.length === 0) return;
    const path = ['spec', 'stagedAction'];
    yield {
      span: spotOf(manifest.root, path).span,
      path,
      message: `With stagedAction Delete the policy is to be deleted, so ${list(others)} ${others.length === 1 ? 'has' : 'have'} no effect. Remove ${others.length === 1 ? 'it' : 'them'}, or write stagedAction: Set.`,
    };
  },
};

export default rule;
