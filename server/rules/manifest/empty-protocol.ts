import type { ManifestRule } from '../rule.ts';
import { isNull } from '../../syntax/tree.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'empty-protocol',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A protocol without a destination port.',
  why: 'tcp: {} looks like "every TCP port", but the API server rejects it. Every port of a protocol is the range from 1 to 65535.',
  *check({ issues, at }) {
    for (const issue of issues) {
      if (issue.keyword !== 'at-least-one' || !issue.place.schema['x-at-least-one']?.includes('destinationPort')) continue;
      const node = at(issue.at);
      const json = node?.kind === 'map' && node.flow && node.pairs.length === 0;
      const every = '{destinationPort: {range: {start: 1, end: 65535}}}';
      const fixes = json
        ? [
            {
              title: 'Write the range 1 to 65535 to match every port',
              edits: [{ start: node.span.start, end: node.span.end, text: every }],
              safe: true,
            },
          ]
        : [];
      if (!isNull(node))
        yield {
          span: issue.span,
          path: issue.path,
          message: `${fieldName(issue.at)} has no destinationPort, so the API server rejects the manifest. To match every port, write ${every}.`,
          fixes,
        };
    }
  },
};

export default rule;
