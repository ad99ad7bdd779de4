import { insertField, replace } from '../../syntax/edit.ts';
import { asMap, asSeq, pairOf, type Node } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import { removedField } from '../repair/remove-field.ts';
import type { ManifestRule } from '../rule.ts';
import type { Fix } from '../finding.ts';

const rule: ManifestRule = rejectionRule({
  code: 'l7-rule',
  summary: 'An L7 rule in a place where Cilium does not support it.',
  why: 'HTTP and Kafka rules need ports with `protocol: TCP`, DNS rules exist for egress only and need ports, rules for nodes have no L7, and paths and methods must be regular expressions. Cilium rejects the whole policy otherwise, and neither its L7 rules nor its other entries are enforced.',
  fixes: ({ path, mistake }, { at, text }) => {
    switch (mistake) {
      case 'tcp':
        return withTcp(path, at(path), text);
      case 'range':
        return removedField(text, at(path.slice(0, -1)), 'endPort');
      case 'dns-port':
        return withDnsPort(at(path.slice(0, -2)), text);
      default:
        return [];
    }
  },
});

export default rule;

function withTcp(path: Path, node: Node | undefined, text: string): readonly Fix[] {
  if (path.at(-1) === 'protocol')
    return node?.kind === 'scalar' ? [{ title: 'Change to TCP', edits: [replace(node.span, 'TCP')], safe: false }] : [];
  const after = pairOf(asMap(node), 'port');
  return node?.kind === 'map'
    ? [{ title: "Add 'protocol: TCP'", edits: [insertField(text, node, 'protocol', 'TCP', after ? { after } : {})], safe: false }]
    : [];
}

function withDnsPort(item: Node | undefined, text: string): readonly Fix[] {
  if (item?.kind !== 'map' || asSeq(pairOf(item, 'ports')?.value)) return [];
  const value = '- port: "53"\n  protocol: ANY';
  const edit = item.flow
    ? insertField(text, item, 'ports', '[{port: "53", protocol: ANY}]')
    : insertField(text, item, 'ports', value, { first: true });
  return [{ title: 'Add port 53', edits: [edit], safe: false }];
}
