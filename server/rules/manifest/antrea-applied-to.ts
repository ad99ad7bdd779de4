import { removePair } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { pairOf } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { ofApi } from '../about.ts';
import { appliedToObjections } from '../antrea/applied-to.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-applied-to',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "'appliedTo' is missing, or set both in the policy and in its rules.",
  why: "A policy says what it applies to either once or in every rule. Antrea's webhook rejects anything else.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, appliedToObjections, ({ path, onKey }) =>
      onKey === true && path.length > 2 ? removedField(context, path) : [],
    );
  },
};

export default rule;

function removedField({ at, text }: ManifestContext, path: Path): readonly Fix[] {
  const map = at(path.slice(0, -1));
  const name = String(path.at(-1));
  const pair = pairOf(map, name);
  if (map?.kind !== 'map' || !pair || !map.pairs.includes(pair)) return [];
  return [{ title: `Remove '${name}'`, edits: [removePair(text, map, pair)], safe: false }];
}
