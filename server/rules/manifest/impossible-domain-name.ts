import { quote } from '../../base/english.ts';
import { parseIp } from '../../base/ip.ts';
import { itemsOf, stringOf } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onValue } from '../draft.ts';
import { fits } from '../schema/formats.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';

const rule: ManifestRule = {
  name: 'impossible-domain-name',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withFields('domainNames'),
  summary: 'A domain name that the API server accepts but that nothing can resolve.',
  why: 'The pattern in the API has gaps: it accepts labels that start with a bracket, labels that are too long, and IP addresses. Such a rule matches nothing.',
  *check(context) {
    for (const { node, path } of knownValues(context)) {
      if (path.at(-1) !== 'domainNames') continue;
      for (const [i, item] of itemsOf(node).entries()) {
        const fault = faultOf(stringOf(item));
        if (fault !== undefined) yield onValue(context, [...path, i], fault);
      }
    }
  },
};

function faultOf(name: string | undefined): string | undefined {
  if (name === undefined || !fits('domain-name', name)) return undefined;
  const bare = name.replace(/^\*\./, '').replace(/\.$/, '');
  if (parseIp(bare).ok)
    return `${quote(name)} is an IP address, not a domain name, so it matches nothing. Write addresses under 'networks'.`;
  if (/[[\\\]^`]/.test(bare)) return `${quote(name)} has a character that domain names cannot have, so it matches nothing. Correct it.`;
  if (bare.length > 253 || bare.split('.').some((label) => label.length > 63))
    return `${quote(name)} is longer than domain names can be, so it matches nothing. Correct it.`;
  return undefined;
}

export default rule;
