import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { isNull } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';
import { closestMatch } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'selector-operator',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An operator that label selectors do not have.',
  why: 'The operators of a label selector are In, NotIn, Exists and DoesNotExist, case-sensitive. The API server rejects anything else.',
  about: everyKind,
  *check({ issues }) {
    for (const { keyword, enforced, params, node, span, path } of issues) {
      if (!enforced || keyword !== 'format' || params.format !== 'selector-operator') continue;
      const word = String(params.value ?? '');
      const meant = SIGNS.get(word.toLowerCase()) ?? near(word, OPERATORS)[0];
      const fixes =
        meant !== undefined && node?.kind === 'scalar'
          ? [{ title: `Change to '${meant}'`, edits: [replace(node.span, likeScalar(meant, node))], safe: true }]
          : [];
      const fault = isNull(node) || word === '' ? "'operator' has no value" : `${quote(word)} is not an operator of a label selector`;
      const hint =
        meant !== undefined && near(word, OPERATORS)[0] !== meant
          ? ` The closest match is ${quote(meant)}.`
          : closestMatch(word, OPERATORS);
      yield {
        span,
        path,
        message: `${fault}, so the API server rejects the manifest. Write In, NotIn, Exists or DoesNotExist.${hint}`,
        fixes,
      };
    }
  },
};

export default rule;

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** What other languages write. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['=', 'In'],
  ['==', 'In'],
  ['equals', 'In'],
  ['equal', 'In'],
  ['!=', 'NotIn'],
  ['notequals', 'NotIn'],
  ['exist', 'Exists'],
  ['notexists', 'DoesNotExist'],
  ['doesnotexists', 'DoesNotExist'],
]);
