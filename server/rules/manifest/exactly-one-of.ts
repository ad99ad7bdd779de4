import { list, quote } from '../../base/english.ts';
import { splitBefore } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { placeName, choices } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'exactly-one-of',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'Exactly one of several fields is required.',
  why: 'The API server rejects a subject, peer or protocol that names none of its forms, or two of them. Two forms do not add up: write two items.',
  yieldsTo: ['unknown-field'],
  *check({ issues, kind, at, text }) {
    for (const issue of issues) {
      if (issue.keyword !== 'exactly-one') continue;
      const forms = (issue.place.schema['x-exactly-one'] ?? []).map((name) => quote(name));
      const where = placeName(issue.at, kind).replace(/^a/, 'A');
      const owner = issue.at.at(-2);
      const isPeer = typeof issue.at.at(-1) === 'number' && (owner === 'from' || owner === 'to');
      if (issue.absence && isPeer) continue;
      const keys = (issue.params.keys ?? []).map((name) => quote(name));
      const message = issue.absence
        ? `${where} needs one of ${choices(forms)}; the API server rejects it without.`
        : `${where} has ${list(keys)} together, but the API server accepts only one of them. ${typeof issue.at.at(-1) === 'number' ? 'Write an item for each.' : 'Keep one.'}`;
      yield { span: issue.span, path: issue.path, message, fixes: issue.absence ? [] : fixes(at(issue.at), issue.at, text) };
    }
  },
};

/** Each form an item of its own; only items of a list can be split. */
function fixes(node: Node | undefined, path: Path, text: string): readonly Fix[] {
  if (node?.kind !== 'map' || node.flow || typeof path.at(-1) !== 'number') return [];
  const edits = splitBefore(text, node.pairs.slice(1));
  return edits ? [{ title: 'Make them items of their own: either is enough', edits, safe: false }] : [];
}

export default rule;
