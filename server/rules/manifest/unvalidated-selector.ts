import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { withTraits } from '../about.ts';
import { keyFault, valueFault } from '../text/label-words.ts';
import type { Issue } from '../schema/issue.ts';
import type { ManifestRule } from '../rule.ts';
import { closestMatch } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'unvalidated-selector',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ builtIn: false }),
  summary: 'A label selector that the API server accepts although no object can match it, or no network plugin can read it.',
  why: 'The API server does not validate the selectors of these kinds: it accepts invalid label keys and values, unknown operators, In without values and Exists with values. The result depends on the network plugin; most ignore the policy or match nothing.',
  *check({ issues }) {
    for (const issue of issues) {
      const fault = issue.enforced ? undefined : faultOf(issue);
      if (fault === undefined) continue;
      const word = String(issue.params.value ?? '');
      const meant = issue.params.format === 'selector-operator' ? near(word, OPERATORS)[0] : undefined;
      const fixes =
        meant !== undefined && issue.node?.kind === 'scalar'
          ? [{ title: `Change to '${meant}'`, edits: [replace(issue.node.span, likeScalar(meant, issue.node))], safe: true }]
          : [];
      yield {
        span: issue.span,
        path: issue.path,
        message: `${fault}. The API server does not validate this field, so the result depends on the network plugin. Correct it.${meant === undefined ? '' : closestMatch(word, OPERATORS)}`,
        fixes,
      };
    }
  },
};

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

function faultOf({ keyword, params }: Issue): string | undefined {
  const text = String(params.value ?? '');
  if (keyword === 'selector-requirement')
    return params.key === 'In' || params.key === 'NotIn' ? `'${params.key}' has no values` : `'${params.key ?? ''}' must not have values`;
  switch (params.format) {
    case 'label-key':
      return keyFault(text, 'label key');
    case 'label-value':
      return valueFault(text);
    case 'selector-operator':
      return text === '' ? "'operator' has no value" : `${quote(text)} is not an operator of a label selector`;
    default:
      return undefined;
  }
}

export default rule;
