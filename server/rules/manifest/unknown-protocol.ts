import { quote } from '../../base/english.ts';
import { near, typoDistance } from '../../base/near.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { withFields } from '../about.ts';
import type { ManifestRule } from '../rule.ts';
import { insteadOfProtocol, isOverTcp } from '../text/protocol-words.ts';
import { closestMatch } from '../text/words.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

const rule: ManifestRule = {
  name: 'unknown-protocol',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('portNumber'),
  summary: 'A protocol other than TCP, UDP and SCTP.',
  why: 'The API server accepts any string in this field, also ICMP, but the API defines TCP, UDP and SCTP only; with other values the rule matches nothing.',
  *check({ issues }) {
    for (const { params, span, path, node } of issues) {
      if (params.format !== 'protocol') continue;
      const word = String(params.value ?? '');
      const instead = insteadOfProtocol(word);
      const meant = isOverTcp(word) ? 'TCP' : instead === undefined ? near(word, PROTOCOLS)[0] : undefined;
      const fixes =
        meant !== undefined && node?.kind === 'scalar'
          ? [
              {
                title: `Change to ${meant}`,
                edits: [replace(node.span, likeScalar(meant, node))],
                safe: typoDistance(word.toUpperCase(), meant) <= 1,
              },
            ]
          : [];
      const guess = isOverTcp(word) ? " The closest match is 'TCP'." : closestMatch(word, PROTOCOLS);
      const hint = instead === undefined ? ` Write TCP, UDP or SCTP.${guess}` : ` ${instead}`;
      yield {
        span,
        path,
        message: `${word === '' ? 'An empty string' : quote(word)} is not a protocol of this API, so the rule matches nothing.${hint}`,
        fixes,
      };
    }
  },
};

export default rule;
