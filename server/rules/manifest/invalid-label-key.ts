import { likeScalar, replace } from '../../syntax/edit.ts';
import { fits } from '../schema/formats.ts';
import type { ManifestRule } from '../rule.ts';
import { keyFault } from '../text/label-words.ts';
import { spotOf } from '../../syntax/spot.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-label-key',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A string that is not a label key.',
  why: 'A label key is a name of at most 63 letters, digits, dashes, dots and underscores, optionally with a domain and a slash before it. The API server rejects anything else.',
  about: everyKind,
  *check({ issues, manifest: { root } }) {
    for (const issue of issues) {
      if (!issue.enforced || issue.params.format !== 'label-key') continue;
      const text = String(issue.params.value ?? '');
      const key = issue.keyword === 'map-keys' && root ? spotOf(root, issue.at).key : issue.node;
      const better = text.trim().replace(/\s+/g, '-');
      const fixes =
        key?.kind === 'scalar' && better !== text && fits('label-key', better)
          ? [{ title: `Change to '${better}'`, edits: [replace(key.span, likeScalar(better, key))], safe: false }]
          : [];
      yield {
        span: issue.span,
        path: issue.path,
        message: `${keyFault(text, 'label key')}, so the API server rejects the manifest.`,
        fixes,
      };
    }
  },
};

export default rule;
