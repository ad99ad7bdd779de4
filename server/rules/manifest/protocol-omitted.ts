import { insertField } from '../../syntax/edit.ts';
import { asMap, get, isNull, itemsOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'protocol-omitted',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  profile: 'audit',
  // Its fix would make the port an item of its own, and the mistake could no longer be seen.
  yieldsTo: ['suspected-split-port'],
  about: withFields('port', 'endPort'),
  summary: 'A port without a protocol is a TCP port.',
  why: 'TCP is the default. A reader who expects UDP, as for DNS, does not see that UDP is not included.',
  *check(context) {
    for (const { path, map, ports } of ruleNodes(context)) {
      for (const [i, item] of itemsOf(get(map, ports)).entries()) {
        const entry = asMap(item);
        const port = get(entry, 'port');
        if (!entry || entry.hole || !isNull(get(entry, 'protocol')) || isNull(port)) continue;
        const fix = { title: "Add 'protocol: TCP'", edits: [insertField(context.text, entry, 'protocol', 'TCP')], safe: true };
        const writable = item.kind === 'map' && get(entry, 'protocol') === undefined;
        yield onValue(
          context,
          [...path, ports, i, 'port'],
          "Without 'protocol', this matches TCP only. Add 'protocol: TCP', and an item for UDP if it is needed too.",
          { fixes: writable ? [fix] : [] },
        );
      }
    }
  },
};

export default rule;
