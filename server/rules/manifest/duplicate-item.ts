import { quote } from '../../base/english.ts';
import { removeItem } from '../../syntax/edit.ts';
import { asSeq } from '../../syntax/tree.ts';
import type { ManifestRule } from '../rule.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'duplicate-item',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An item that occurs twice in a list of unique items.',
  why: 'The API server rejects the manifest: each entry of networks and domainNames must be unique.',
  about: everyKind,
  *check({ issues, at, text }) {
    for (const issue of issues) {
      if (issue.keyword !== 'list-type') continue;
      const list = asSeq(at(issue.at.slice(0, -1)));
      const item = list?.items[Number(issue.at.at(-1))];
      const shown = issue.params.value === undefined ? 'This item' : quote(String(issue.params.value));
      const fixes = list && item ? [{ title: 'Remove the second occurrence', edits: [removeItem(text, list, item)], safe: true }] : [];
      const related = [{ path: issue.params.other ?? [], message: 'First occurrence.' }];
      yield {
        span: issue.span,
        path: issue.path,
        message: `${shown} occurs twice in this list, so the API server rejects the manifest. Remove one of them.`,
        related,
        fixes,
      };
    }
  },
};

export default rule;
