import { likeScalar, insertField, replace } from '../../syntax/edit.ts';
import { asMap, get, isNull } from '../../syntax/tree.ts';
import { given } from '../../model/read.ts';
import { ofApi } from '../about.ts';
import { refused, rejected, setField, writtenRules, type WrittenRule } from '../findings/calico.ts';
import { writtenProtocol } from '../findings/calico-protocol.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-icmp-rule',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'ICMP fields without protocol ICMP or ICMPv6, or a code without a type.',
  why: 'icmp narrows a rule whose protocol is ICMP or ICMPv6; Calico rejects it in any other rule. A code is a part of a type, so it needs one.',
  *check(context) {
    for (const written of writtenRules(context.root)) {
      for (const field of ['icmp', 'notICMP'] as const) {
        const fields = asMap(given(written.node, field));
        if (!fields) continue;
        const path = [...written.path, field];
        const hasCode = given(fields, 'code') !== undefined && given(fields, 'type') === undefined && !fields.hole;
        if (hasCode) yield rejected(context, [...path, 'code'], 'An ICMP code needs a type. Add type, or remove code.');
        else if (field === 'icmp' && !isIcmp(written)) {
          yield refused(context, path, "'icmp' needs protocol ICMP or ICMPv6 in the same rule.", { fixes: fixes(context.text, written) });
        }
      }
    }
  },
};

export default rule;

function isIcmp({ node }: WrittenRule): boolean {
  const value = given(node, 'protocol');
  const protocol = writtenProtocol(value);
  if (value?.kind === 'scalar' && value.hole) return true;
  // A protocol that is none is reported by itself.
  return protocol !== undefined && (protocol.text === 'ICMP' || protocol.text === 'ICMPv6');
}

function fixes(text: string, { node }: WrittenRule): readonly Fix[] {
  const protocol = setField(node, 'protocol');
  if (protocol?.kind === 'scalar' && (protocol.style === 'plain' || protocol.style === 'double' || protocol.style === 'single')) {
    return [{ title: 'Change protocol to ICMP', edits: [replace(protocol.span, likeScalar('ICMP', protocol))], safe: false }];
  }
  const existing = get(node, 'protocol');
  if (existing !== undefined && isNull(existing)) return [];
  const action = node.pairs.find(({ name }) => name === 'action');
  return [
    { title: 'Add protocol: ICMP', edits: [insertField(text, node, 'protocol', 'ICMP', action ? { after: action } : {})], safe: false },
  ];
}
