import { plain } from '../../base/english.ts';
import { mergeItems } from '../../syntax/join-items.ts';
import { asMap, asScalar, asSeq, isMerge, pairOf, type MapNode, type Node } from '../../syntax/tree.ts';
import { withFields } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { ruleNodes } from '../../analysis/policy-parts.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'suspected-split-port',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'medium',
  about: withFields('port', 'endPort'),
  summary: 'A port and its protocol in two items, so that every port of the protocol is allowed.',
  why: 'A single dash makes the difference. In one item, port and protocol are combined. In two items, one matches the port over TCP, and the other matches every port of the protocol.',
  companions: ['redundant-port', 'protocol-omitted'],
  *check(context) {
    for (const { path } of ruleNodes(context)) {
      const ports = context.at([...path, 'ports']);
      const items = asSeq(ports)?.items ?? [];
      for (const [i, { value }] of items.entries()) {
        const halves = halvesOf(items[i - 1]?.value, value);
        if (!halves) continue;
        const [port, protocol] = halves;
        const message = `Two items: ${port} over TCP, and every ${protocol} port. To match ${port} over ${protocol} only, merge them into one item.`;
        const related = [{ path: [...path, 'ports', i - 1], message: 'The first of the two items.' }];
        yield onKey(context, [...path, 'ports', i], message, { related, fixes: merged(context, ports, i - 1) });
      }
    }
  },
};

export default rule;

/** The port of one item and the protocol of the other, where that is all they have. */
function halvesOf(first: Node | undefined, second: Node | undefined): readonly [string, string] | undefined {
  const [one, other] = [asMap(first), asMap(second)];
  if (!one || !other || one.hole || other.hole) return undefined;
  const [port, protocol] = [portOf(one) ?? portOf(other), protocolOf(one) ?? protocolOf(other)];
  return port === undefined || protocol === undefined ? undefined : [port, protocol];
}

function portOf(map: MapNode): string | undefined {
  const names = namesIn(map);
  if (names !== 'port' && names !== 'port,endPort') return undefined;
  const [port, end] = ['port', 'endPort'].map((name) => asScalar(pairOf(map, name)?.value)?.text);
  if (port === undefined || port === '') return undefined;
  return end === undefined ? `port ${plain(port)}` : `ports ${plain(port)} to ${plain(end)}`;
}

function protocolOf(map: MapNode): string | undefined {
  const scalar = namesIn(map) === 'protocol' ? asScalar(pairOf(map, 'protocol')?.value) : undefined;
  return scalar && ['TCP', 'UDP', 'SCTP'].includes(scalar.text) ? scalar.text : undefined;
}

function namesIn(map: MapNode): string {
  return map.pairs.some(isMerge) ? '' : map.pairs.map(({ name }) => name ?? '').join();
}

function merged({ text }: ManifestContext, ports: Node | undefined, index: number): readonly Fix[] {
  const edit = ports?.kind === 'seq' ? mergeItems(text, ports, index) : undefined;
  return edit ? [{ title: 'Merge into one item (port and protocol)', edits: [edit], safe: false }] : [];
}
