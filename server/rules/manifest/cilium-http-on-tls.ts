import { ofApi } from '../about.ts';
import { entriesIn } from '../../model/cilium/rejection.ts';
import { specsIn } from '../../model/cilium/rejections.ts';
import { given, textIn } from '../../model/read.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-http-on-tls',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  summary: 'HTTP rules on a port of TLS, without TLS termination.',
  why: "Cilium's proxy can read HTTP only if it is not encrypted. On a TLS connection it finds no request that matches and ends the connection, unless `terminatingTLS` gives it a certificate. Without one, only the server name can be compared (`serverNames`).",
  noFix: 'Only the author knows whether to decrypt the traffic, or whether the server name is enough.',
  about: ofApi('cilium', 'policy'),
  *check(context) {
    for (const rule of context.root ? specsIn(context.root) : []) {
      for (const direction of ['ingress', 'egress']) {
        for (const entry of entriesIn(rule.node, rule.path, direction)) {
          for (const { node, path } of entriesIn(entry.node, entry.path, 'toPorts')) {
            const port = entriesIn(node, path, 'ports')
              .map((item) => textIn(given(item.node, 'port')) ?? '')
              .find((one) => TLS_PORTS.has(one));
            const isRead = given(given(node, 'rules'), 'http') !== undefined;
            if (port === undefined || !isRead || given(node, 'terminatingTLS') !== undefined || given(node, 'originatingTLS') !== undefined)
              continue;
            const message = `Port ${port} is usually TLS, in which the proxy cannot read HTTP requests, so these rules allow none. Add 'terminatingTLS'${direction === 'egress' ? " and 'originatingTLS'" : ''}, or compare the server name with 'serverNames'.`;
            yield onKey(context, [...path, 'rules', 'http'], message);
          }
        }
      }
    }
  },
};

export default rule;

/** HTTPS (IANA 443), the usual port of it in containers, and the names that container ports have for it. */
const TLS_PORTS: ReadonlySet<string> = new Set(['443', '8443', 'https', 'tls']);
