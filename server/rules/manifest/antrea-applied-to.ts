import { ofApi } from '../about.ts';
import { appliedToObjections } from '../antrea/applied-to.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import { removedField } from '../repair/remove-field.ts';
import type { ManifestRule } from '../rule.ts';

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
      onKey === true && path.length > 2 ? removedField(context.text, context.at(path.slice(0, -1)), String(path.at(-1))) : [],
    );
  },
};

export default rule;
