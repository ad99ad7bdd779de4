import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import { ofApi } from '../about.ts';
import { fqdnObjections } from '../antrea/peers.ts';
import { webhookDrafts } from '../antrea/drafts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'antrea-fqdn',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An fqdn with characters that no domain name has.',
  why: "fqdn takes a domain name, in which * stands for any text. Antrea's webhook rejects URLs, ports and other characters.",
  about: ofApi('antrea', 'policy'),
  *check(context) {
    yield* webhookDrafts(context, fqdnObjections, ({ path }) => nameFix(context.at(path)));
  },
};

export default rule;

/** The host of a URL. */
function nameFix(node: Node | undefined): readonly Fix[] {
  const host = node?.kind === 'scalar' ? /^[a-z]+:\/\/([-0-9a-zA-Z.*]+)/.exec(node.text)?.[1] : undefined;
  if (node?.kind !== 'scalar' || host === undefined) return [];
  return [{ title: `Change to '${host}'`, edits: [replace(node.span, likeScalar(host, node))], safe: false }];
}
