import { removePair } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { pairOf } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { ofApi } from '../about.ts';
import { toServicesObjections } from '../antrea/peers.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-to-services',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "'toServices' together with 'to', 'ports' or 'protocols'.",
  why: "A Service brings its own destination, ports and protocol, so Antrea's webhook rejects a rule that sets them as well.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, toServicesObjections, ({ path, onKey }) =>
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
