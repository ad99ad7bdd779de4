import { ofApi } from '../about.ts';
import { toServicesObjections } from '../antrea/peers.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import { removedField } from '../repair/remove-field.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-to-services',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "'toServices' together with 'to', 'ports' or 'protocols'.",
  why: "A Service has its own destination, ports and protocol, so Antrea's webhook rejects a rule that sets them as well.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, toServicesObjections, ({ path, onKey }) =>
      onKey === true && path.length > 2 ? removedField(context.text, context.at(path.slice(0, -1)), String(path.at(-1))) : [],
    );
  },
};

export default rule;
