import { anyRule, type PortMatch, type Rule } from '../../model/policy.ts';
import { redundantParts } from '../../analysis/redundancy/covered.ts';
import { DUAL_PORTS } from '../../analysis/known-ports.ts';
import { onKey } from '../draft.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import { removal } from '../repair/list-fixes.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-port',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  summary: 'A port that other ports of the rule include.',
  why: 'The port has no effect; often another protocol or another number was meant.',
  yieldsTo: ['suspected-split-port'],
  *check(context) {
    for (const { rule, direction } of rulesIn(context.policy)) {
      if (rule.ports === 'any') continue;
      const parts = rule.ports.filter(({ kind }) => kind !== 'unreadable').map(alone);
      for (const found of redundantParts(parts, direction)) {
        if (!found) {
          yield undefined;
          continue;
        }
        const { part, covers } = found;
        if (isDual(part, covers)) continue;
        const others =
          covers.length === 1
            ? `item ${Number(covers[0]?.path.at(-1)) + 1} of the list already includes it`
            : 'the other items already include it';
        const related = covers.map(({ path }) => ({ path, message: 'Includes this port.' }));
        // Beside every port of the protocol, the one that is named may be what is meant.
        const isAimed = !isEvery(part) && covers.some(isEvery);
        const fixes = removal(context, part.path, 'Remove the port').map((fix) => ({ ...fix, safe: fix.safe && !isAimed }));
        yield onKey(context, part.path, `This port has no effect: ${others}. Remove it, or correct its number or protocol.`, {
          unnecessary: true,
          related,
          fixes,
        });
      }
    }
  },
};

export default rule;

/** A port that is used over UDP as well, listed twice over TCP: one of the two was meant for UDP, and `repeated-port` says so. */
function isDual({ ports }: Rule, covers: readonly Rule[]): boolean {
  const numbers = [ports, ...covers.map((cover) => cover.ports)].flatMap((list) => (list === 'any' ? [] : list)).map(numberOf);
  return numbers.length === 2 && numbers[0] !== undefined && numbers[0] === numbers[1] && DUAL_PORTS.has(numbers[0]);
}

function numberOf(port: PortMatch): number | undefined {
  return port.kind === 'range' && port.protocol === 'TCP' && port.from === port.to ? port.from : undefined;
}

/** The rule that has this port only. */
function alone(port: PortMatch): Rule {
  return anyRule({ ports: [port], path: port.path });
}

/** Is it every port of a protocol? */
function isEvery({ ports }: Rule): boolean {
  const [port] = ports === 'any' ? [] : ports;
  return port?.kind === 'range' && port.to - port.from >= 65_534;
}
