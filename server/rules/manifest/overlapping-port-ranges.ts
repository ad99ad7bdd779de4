import type { PortMatch } from '../../model/policy.ts';
import { onKey } from '../draft.ts';
import { rulesIn } from '../../analysis/policy-parts.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'overlapping-port-ranges',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  summary: 'Two port ranges that overlap.',
  why: 'The rule matches both ranges, so the overlap has no effect; but one of the bounds may be mistyped, and a single range means the same.',
  *check(context) {
    let compared = 0;
    for (const { rule } of rulesIn(context.policy)) {
      // A single port has none of its own beside a range that holds it.
      const ranges = rule.ports === 'any' ? [] : rule.ports.filter((port) => port.kind === 'range').filter(({ from, to }) => from < to);
      for (const [i, range] of ranges.entries()) {
        compared += i;
        if (compared > MAX_COMPARISONS) break;
        const other = ranges.slice(0, i).find((before) => overlaps(before, range));
        if (!other) continue;
        const [from, to] = [Math.max(other.from, range.from), Math.min(other.to, range.to)];
        const shared = from === to ? String(from) : `${from}-${to}`;
        const whole = `${Math.min(other.from, range.from)}-${Math.max(other.to, range.to)}`;
        const message = `Port ${shared} is also part of item ${Number(other.path.at(-1)) + 1} of the list. Write the single range ${whole}, which means the same.`;
        yield onKey(context, range.path, message, { related: [{ path: other.path, message: 'The other range.' }] });
      }
    }
  },
};

export default rule;

/** Ranges are compared with those before them; lists so long that this takes more comparisons are written by a program. */
const MAX_COMPARISONS = 100_000;

type Range = Extract<PortMatch, { kind: 'range' }>;

/** Do they share ports, while each has ports of its own? */
function overlaps(one: Range, other: Range): boolean {
  const [low, high] = one.from < other.from ? [one, other] : [other, one];
  return one.protocol === other.protocol && low.from < high.from && high.from <= low.to && low.to < high.to;
}
