import { insertField } from '../../syntax/edit.ts';
import { isNull, get } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, setField, setItems, writtenEnds, writtenRules, type WrittenRule } from '../findings/calico.ts';
import { portIn } from '../findings/calico-ports.ts';
import { writtenProtocol } from '../findings/calico-protocol.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-ports-without-protocol',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'Ports in a Calico rule without a protocol that has ports.',
  why: 'A port number means nothing without a protocol. Calico requires protocol TCP, UDP or SCTP in a rule with port numbers or ranges; only port names need none, because a container port has its protocol. A protocol without ports, such as ICMP, excludes ports of any kind.',
  *check(context) {
    for (const written of writtenRules(context.root)) {
      const given = get(written.node, 'protocol');
      const protocol = writtenProtocol(setField(written.node, 'protocol'));
      const isMissing = given === undefined || isNull(given);
      if (!isMissing && (!protocol || protocol.hasPorts || !protocol.isKnown)) continue;
      for (const { node, path } of writtenEnds(written)) {
        for (const field of ['ports', 'notPorts'] as const) {
          const ports = setItems(node, field, path);
          if (ports.length === 0 || (isMissing && ports.every((port) => portIn(port.node)?.kind === 'name'))) continue;
          const message = isMissing
            ? 'Port numbers need a protocol. Set protocol TCP, UDP or SCTP in the rule.'
            : `The protocol ${protocol?.text ?? ''} has no ports. Rules with ports need protocol TCP, UDP or SCTP.`;
          yield refused(context, [...path, field], message, isMissing ? { fixes: fixes(context.text, written) } : {});
        }
      }
    }
  },
};

export default rule;

function fixes(text: string, { node }: WrittenRule): readonly Fix[] {
  const action = node.pairs.find(({ name }) => name === 'action');
  if (get(node, 'protocol') !== undefined) return [];
  return ['TCP', 'UDP'].map((protocol) => ({
    title: `Add protocol: ${protocol}`,
    edits: [insertField(text, node, 'protocol', protocol, action ? { after: action } : {})],
    safe: false,
  }));
}
