import { quote } from '../../base/english.ts';
import { entryOf } from '../../model/kinds.ts';
import { onValue } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'generic-name',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'medium',
  profile: 'audit',
  summary: 'A name that does not say what the policy does.',
  why: 'A list of policies shows their names only. A name that says what is allowed or denied saves reading each policy.',
  *check(context) {
    const { policy } = context;
    if (!policy || context.partial || entryOf(policy).onlyName !== undefined || policy.name === '') return;
    const words = policy.name
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word !== '');
    if (words.every((word) => VAGUE.has(word))) {
      yield onValue(
        context,
        ['metadata', 'name'],
        `${quote(policy.name)} does not say what this policy does. Choose a name such as 'default-deny-ingress' or 'allow-web-to-db'.`,
      );
    }
  },
};

export default rule;

const VAGUE: ReadonlySet<string> = new Set(
  'test tests policy policies network networkpolicy netpol np cnp anp my example sample demo foo bar baz tmp temp new default the a'.split(
    ' ',
  ),
);
