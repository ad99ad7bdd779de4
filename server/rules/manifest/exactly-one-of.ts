import { list, quote } from '../../base/english.ts';
import { splitBefore } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { placeName, choices } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'exactly-one-of',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'Exactly one of several fields is required.',
  why: 'The API server rejects a subject, a peer or a protocol with none of these fields, or with two of them. Two fields in one item are not combined: write two items.',
  yieldsTo: ['unknown-field'],
  about: everyKind,
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
        ? `${where} has none of ${choices(forms)}, so the API server rejects the manifest. Add one of them.`
        : `${where} sets ${list(keys)} together, but the API server accepts only one of them. ${typeof issue.at.at(-1) === 'number' ? 'Write an item for each.' : 'Keep one.'}`;
      yield { span: issue.span, path: issue.path, message, fixes: issue.absence ? [] : fixes(at(issue.at), issue.at, text) };
    }
  },
};

/** Each form an item of its own; only items of a list can be split. */
function fixes(node: Node | undefined, path: Path, text: string): readonly Fix[] {
  if (node?.kind !== 'map' || node.flow || typeof path.at(-1) !== 'number') return [];
  const edits = splitBefore(text, node.pairs.slice(1));
  return edits ? [{ title: 'Split into separate items, of which either matches', edits, safe: false }] : [];
}

export default rule;
