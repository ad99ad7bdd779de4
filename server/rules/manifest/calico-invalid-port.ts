import { quote } from '../../base/english.ts';
import { replace } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, setItems, writtenEnds, writtenRules } from '../findings/calico.ts';
import { portIn } from '../findings/calico-ports.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-invalid-port',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A port, range or port name that Calico cannot read.',
  why: 'Calico reads a port as a number from 1 to 65535, as a range "80:90" with a colon, or as the name of a container port. Anything else cannot be decoded, so the whole policy is rejected, or, where it has been stored already, not applied.',
  *check(context) {
    for (const { node: end, path } of writtenRules(context.root).flatMap(writtenEnds)) {
      for (const field of ['ports', 'notPorts'] as const) {
        for (const item of setItems(end, field, path)) {
          const port = portIn(item.node);
          if (port?.kind !== 'invalid') continue;
          yield refused(context, item.path, `${quote(port.text)} is not a port. ${port.why}`, { fixes: fixes(item.node, port.meant) });
        }
      }
    }
  },
};

export default rule;

function fixes(node: Node, meant: string | undefined): readonly Fix[] {
  if (meant === undefined || node.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return [];
  const text = meant.includes(':') ? `"${meant}"` : meant;
  return [{ title: `Change to ${text}`, edits: [replace(node.span, text)], safe: false }];
}
