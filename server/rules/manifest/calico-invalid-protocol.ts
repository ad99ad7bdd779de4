import { quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { asScalar, type Node } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, setField, writtenRules, type WrittenRule } from '../findings/calico.ts';
import { PROTOCOL_NAMES, writtenProtocol } from '../findings/calico-protocol.ts';
import type { Fix } from '../finding.ts';
import { removedField } from '../repair/remove-field.ts';
import type { ManifestRule } from '../rule.ts';
import { insteadOfProtocol, isOverTcp } from '../text/protocol-words.ts';
import { choices } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'calico-invalid-protocol',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A protocol that Calico does not know.',
  why: "Calico's validator accepts the names TCP, UDP, ICMP, ICMPv6, SCTP and UDPLite, exactly so, and the numbers 1 to 255. The CRD accepts any string, so without the Calico API server the mistake is stored.",
  *check(context) {
    for (const written of writtenRules(context.root)) {
      for (const field of ['protocol', 'notProtocol'] as const) {
        const node = setField(written.node, field);
        const protocol = writtenProtocol(node);
        if (!protocol || protocol.isKnown) continue;
        const message =
          protocol.number === undefined
            ? `${quote(protocol.text)} is not a protocol that Calico knows: it accepts ${choices(PROTOCOL_NAMES)}, or a number.${hint(protocol.text)}`
            : `${quote(protocol.text)} is not a protocol number. Write a number from 1 to 255.`;
        yield refused(context, [...written.path, field], message, { fixes: fixes(context.text, written, field, node, protocol.text) });
      }
    }
  },
};

export default rule;

function hint(text: string): string {
  const instead = insteadOfProtocol(text);
  if (instead !== undefined) return ` ${instead}`;
  const meant = meantBy(text);
  return meant === undefined ? '' : ` Write ${quote(meant)}.`;
}

function meantBy(text: string): string | undefined {
  return isOverTcp(text) ? 'TCP' : near(text, PROTOCOL_NAMES)[0];
}

function fixes(text: string, { node: map }: WrittenRule, field: string, node: Node | undefined, written: string): readonly Fix[] {
  const at = asScalar(node);
  if (!at || at.style === 'literal' || at.style === 'folded' || node?.kind !== 'scalar') return [];
  const removed = /^(?:any|all|\*)$/i.test(written) ? removedField(text, map, field, `Delete ${field}: every protocol`) : [];
  if (removed.length > 0) return removed;
  const meant = meantBy(written);
  if (meant === undefined) return [];
  return [
    {
      title: `Change to '${meant}'`,
      edits: [replace(at.span, likeScalar(meant, at))],
      safe: written.toLowerCase() === meant.toLowerCase(),
    },
  ];
}
