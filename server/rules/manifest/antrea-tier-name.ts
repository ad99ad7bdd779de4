import { near } from '../../base/near.ts';
import { BUILT_IN_TIERS } from '../../model/antrea/tiers.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Fix } from '../finding.ts';
import { ofApi } from '../about.ts';
import { tierNameObjections } from '../antrea/tiers-and-groups.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-tier-name',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A policy in a tier that cannot exist.',
  why: "Antrea's webhook rejects a policy whose tier does not exist. Tiers are named in lowercase; of the built-in ones the older forms Emergency, SecurityOps, NetworkOps, Platform, Application and Baseline are accepted as well.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, tierNameObjections, () => tierFix(context));
  },
};

export default rule;

function tierFix({ at }: ManifestContext): readonly Fix[] {
  const node = at(['spec', 'tier']);
  if (node?.kind !== 'scalar') return [];
  const names = BUILT_IN_TIERS.map(({ name }) => name);
  const word = node.text.trim().toLowerCase();
  const meant = names.find((name) => name === word) ?? near(word, names)[0];
  return meant === undefined ? [] : [{ title: `Change to '${meant}'`, edits: [replace(node.span, likeScalar(meant, node))], safe: false }];
}
