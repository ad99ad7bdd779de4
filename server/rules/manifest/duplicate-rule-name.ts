import { quote } from '../../base/english.ts';
import { get, stringOf } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';
import type { Path } from '../../syntax/path.ts';
import { withTraits } from '../about.ts';

const rule: ManifestRule = {
  name: 'duplicate-rule-name',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: withTraits({ ordered: true }),
  summary: 'Two rules of one direction have the same name.',
  why: 'Names distinguish rules in logs and reports; the API server does not require them to be unique.',
  *check(context) {
    const seen = new Map<string, Path>();
    for (const { direction, path, map } of ruleNodes(context)) {
      const name = stringOf(get(map, 'name'));
      if (name === undefined || name === '') continue;
      const earlier = seen.get(`${direction} ${name}`);
      if (!earlier) seen.set(`${direction} ${name}`, [...path, 'name']);
      else
        yield onValue(
          context,
          [...path, 'name'],
          `Another ${direction} rule is named ${quote(name)}, so logs cannot distinguish them. Give each rule its own name.`,
          { related: [{ path: earlier, message: 'The other rule.' }] },
        );
    }
  },
};

export default rule;
