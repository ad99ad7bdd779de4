import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { isEmptied, networksIn } from '../../analysis/networks.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'except-covers-all',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('except'),
  summary: "'except' excludes the whole block.",
  why: 'Nothing of the block remains, so the peer allows nothing.',
  companions: ['private-range-block'],
  *check(context) {
    for (const part of networksIn(context.policy)) {
      if (!isEmptied(part)) continue;
      const message = `'except' excludes all of ${part.network.cidr}, so this peer allows nothing. Keep only the exceptions that are meant.`;
      yield onValue(context, [...part.network.path, 'except'], message);
    }
  },
};

export default rule;
