import { quote } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { insertField, likeScalar } from '../../syntax/edit.ts';
import { asMap, asScalar, pairOf } from '../../syntax/tree.ts';
import { isDeclared, numberOf, portUsesIn } from '../../analysis/port-uses.ts';
import { DUAL_PORTS } from '../../analysis/known-ports.ts';
import { policyIn } from '../../analysis/selection.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import type { PortMatch, Rule } from '../../model/policy.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'repeated-port',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A port is listed twice over TCP, and one of the two was meant for UDP.',
  why: 'TCP and UDP ports of one number are different ports. A port without protocol means TCP, so an item with the protocol left out or copied allows nothing new, and UDP stays denied.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy?.traits.isolates) return;
    for (const { rule: listed } of rulesIn(policy)) {
      for (const port of repeatedIn(listed)) {
        const why = reasonFor(context, listed, port.from);
        if (why === undefined) continue;
        const message = `TCP ${port.from} is listed twice in this rule, and UDP ${port.from} is not: ${why} Change one of the two to UDP.`;
        yield onKey(context, port.path, message, { fixes: toUdp(context, port) });
      }
    }
  },
};

export default rule;

type Range = Extract<PortMatch, { readonly kind: 'range' }>;

/** The later of two items with the same TCP port, where no item has it over UDP. */
function repeatedIn({ ports }: Rule): readonly Range[] {
  const single = (ports === 'any' ? [] : ports).filter((port) => port.kind === 'range' && port.from === port.to);
  const ranges = single.filter((port): port is Range => port.kind === 'range');
  return ranges.filter(
    (one, i) =>
      one.protocol === 'TCP' &&
      ranges.findIndex(({ protocol, from }) => protocol === 'TCP' && from === one.from) < i &&
      !ranges.some(({ protocol, from }) => protocol === 'UDP' && from === one.from),
  );
}

function reasonFor(context: WorkspaceContext, listed: Rule, number: number): string | undefined {
  const use = portUsesIn(context).find((one) => one.rule === listed && numberOf(one.port) === number);
  if (use && isDeclared(use, number, 'UDP')) {
    const owner = use.destinations.find(({ value }) => value.ports.some(({ port, protocol }) => port === number && protocol === 'UDP'));
    return `${owner ? workloadName(owner.value) : 'the pod'} declares that port over UDP.`;
  }
  const service = DUAL_PORTS.get(number);
  return service === undefined ? undefined : `${service} uses both.`;
}

function toUdp({ at, text }: WorkspaceContext, { path }: Range): readonly Fix[] {
  const item = at(path);
  const map = asMap(item);
  if (!map || item?.kind !== 'map') return [];
  const protocol = asScalar(pairOf(map, 'protocol')?.value);
  const edit = protocol ? { ...protocol.span, text: likeScalar('UDP', protocol) } : insertField(text, item, 'protocol', 'UDP');
  return [{ title: `Change to ${quote('UDP')}`.replaceAll("'", ''), edits: [edit], safe: false }];
}
